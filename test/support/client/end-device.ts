import type { Carrier, Question } from '#client/exchange.ts';
import { BoxRefusal } from '#client/exchange.ts';
import { Certificate } from '#client/closing/certificate.ts';
import { EndDoor } from '#client/closing/end-door.ts';
import { RecordCopy } from '#client/closing/record-copy.ts';
import { Voice } from '#client/closing/voice.ts';
import { LocalSwarm } from '#client/local-swarm.ts';
import type { ClientProblem } from '#client/model.ts';
import type { HttpReply } from '#client/ports.ts';
import type { OpenRoom, Rooms } from '#client/rooms.ts';
import { Vault } from '#client/vault.ts';
import type { Replica } from '#protocol/admit/replica.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { boxKeyHash } from '#protocol/mission/login.ts';
import type { MissionState } from '#protocol/state/mission-state.ts';
import type { SwarmState } from '#protocol/state/swarm-state.ts';
import { nodeClock } from '../../../appliance/terminal/platform/node-clock.ts';
import { nodeEngine } from '../../../appliance/terminal/platform/node-engine.ts';
import type { SimDevice } from '../swarm-simulator/device.ts';
import { MemoryKeys } from './memory-keys.ts';
import { memoryFiles, MemoryParts } from './memory-parts.ts';
import { MemoryStorage } from './memory-storage.ts';

/** What a box answers at its doors of the end; throwing is how it refuses. */
export class PaperDoors implements Carrier {
  /** Asked in this order: method, path and range. */
  readonly asked: string[] = [];
  readonly answers = new Map<string, (question: Question) => Uint8Array>();

  async ask(question: Question): Promise<HttpReply> {
    const range = question.headers?.['range'];
    this.asked.push([question.path, ...(range === undefined ? [] : [range])].join(' '));
    const answer = this.answers.get(question.path);
    if (!answer) throw new BoxRefusal(404, 'GATEWAY_PATH_UNKNOWN');
    return { status: 200, headers: {}, body: answer(question) };
  }

  /** What a door says as JSON. */
  say(path: string, json: unknown): void {
    this.answers.set(path, () => new TextEncoder().encode(JSON.stringify(json)));
  }

  /** Gives out these bytes as the record, as asked for. */
  hold(bytes: Uint8Array): void {
    this.answers.set('/v1/end/record', ({ headers }) => {
      const [, from, to] = /^bytes=(\d+)-(\d+)$/u.exec(headers?.['range'] ?? '') ?? [];
      return bytes.slice(Number(from), Number(to) + 1);
    });
  }
}

/** One simulated device with the client's parts of the end, and a box on paper. */
export class EndDevice {
  readonly device: SimDevice;
  readonly doors = new PaperDoors();
  readonly parts = new MemoryParts();
  readonly storage = new MemoryStorage();
  readonly keys = new MemoryKeys();
  readonly vault = new Vault(this.storage.records, this.keys);
  readonly problems: string[] = [];
  readonly mission: LocalSwarm<MissionState>;
  readonly rooms: OpenRoom[] = [];
  readonly voice: Voice;
  readonly door = new EndDoor(this.doors, this.doors);
  /** Addresses of files that this device sent or fetched. */
  readonly filesOnBox = new Set<string>();
  copy: RecordCopy;
  readonly certificate: Certificate;
  /** Milliseconds that the clock is ahead. */
  aheadMs = 0;
  readonly clock = {
    now: () => nodeClock.now() + this.aheadMs,
    wait: (_ms: number, signal: AbortSignal) => nodeClock.wait(1, signal),
  };

  /** `boxKey` is that of the box which the device's code named. */
  constructor(device: SimDevice, boxKey: Uint8Array) {
    this.device = device;
    this.mission = this.#local(device.mission.cid ?? '', device.mission);
    for (const [cid, replica] of device.rooms) {
      const swarm = this.#local(cid, replica);
      // Of a conversation nothing but its history is asked for here.
      this.rooms.push({ room: { cid, swarm } } as unknown as OpenRoom);
    }
    const { device: signer, deviceKey, dfp, inbox, member, mfp } = device.keys;
    const own = { signer, agreement: deviceKey };
    const self = { device: own, member, inbox, deviceSecret: new Uint8Array(32), dfp, mfp };
    const box = toB64u(boxKeyHash(boxKey));
    this.voice = new Voice({ clock: this.clock, self, mission: this.mission, box });
    this.copy = this.#copy();
    this.certificate = new Certificate({ ...this.#common, copy: this.copy });
  }

  /** The disk says what the device wrote last, so that it may go on writing. */
  async settle(): Promise<void> {
    const { cid, outbox, replica } = this.mission;
    const { envelope, sid } = replica.newest(this.device.keys.dfp) ?? {};
    await this.vault.write([{ key: `head/${cid}`, value: { q: envelope?.q, sid } }]);
    await outbox.open();
  }

  /** As after a restart of the page. */
  async reopen(): Promise<void> {
    this.copy = this.#copy();
    await this.copy.open();
  }

  get #common() {
    const { door, vault, voice } = this;
    const onProblem = (told: ClientProblem): void => void this.problems.push(told.problem.code);
    return { engine: nodeEngine, clock: this.clock, vault, voice, door, onProblem };
  }

  #copy(): RecordCopy {
    const rooms = { all: () => this.rooms } as unknown as Rooms;
    const files = memoryFiles(this.parts);
    const filesOnBox = () => this.filesOnBox;
    return new RecordCopy({
      ...{ ...this.#common, files, filesOnBox, rooms },
      onChange: () => undefined,
    });
  }

  #local<S extends SwarmState>(cid: string, replica: Replica<S>): LocalSwarm<S> {
    const { vault } = this;
    const repository = {
      read: () => Promise.resolve(undefined),
      write: () => Promise.resolve(),
      refs: () => Promise.resolve(new Map<string, string>()),
      moveRef: () => Promise.resolve(),
      flush: () => Promise.resolve(),
    };
    const { device, dfp } = this.device.keys;
    return new LocalSwarm({ cid, replica, repository, vault, signer: device, dfp });
  }
}
