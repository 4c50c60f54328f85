import { Events } from '#kernel/events.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { conferenceConfig } from '../../appliance/services/conference/config.ts';
import { roomRoutes } from '../../appliance/services/conference/room-routes.ts';
import { roomId, Rooms, type ConferenceFacts } from '../../appliance/services/conference/rooms.ts';
import { Doors, type Answer } from './doors.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeSfu, type FakeRouter, type FakeWorker } from './fake-sfu.ts';
import { opus, receivesAll } from './media-samples.ts';

const fp = (name: string): string => name.padEnd(52, 'a');
export const [red, blue, green, black] = [fp('red'), fp('blue'), fp('green'), fp('black')];
export const stranger = fp('stranger');
export const cid = fp('talk');

/** Names of conferences. */
export const confs = [1, 2, 3, 4].map((n) => toB64u(new Uint8Array(16).fill(n))) as [
  string,
  string,
  string,
  string,
];
/** The room of the first of them. */
export const id = roomId(cid, confs[0]);

/** Rooms over two fake workers, and all knobs in a test's hand. */
export class RoomsBench {
  readonly clock = new FakeClock();
  readonly inside = new Set([red, blue, green, black]);
  readonly told: { id: string; devices: readonly string[] }[] = [];
  readonly rooms: Rooms;
  readonly workers: readonly FakeWorker[];
  readonly #doors: Doors;

  private constructor(workers: readonly FakeWorker[], settings: object) {
    this.workers = workers;
    const events = new Events<ConferenceFacts>((error) => {
      throw error;
    });
    events.on('room', (fact) => this.told.push(fact));
    const insiders = { isInside: (device: string) => this.inside.has(device) };
    this.rooms = new Rooms(
      { insiders, workers: () => workers, events, clock: this.clock },
      conferenceConfig.parse(settings),
    );
    this.#doors = new Doors(roomRoutes(this.rooms));
  }

  static async open(settings: object = {}): Promise<RoomsBench> {
    const sfu = new FakeSfu();
    const listen = { addresses: ['127.0.0.1'], announcedAddress: undefined, port: 0 };
    return new RoomsBench([await sfu.openWorker(listen), await sfu.openWorker(listen)], settings);
  }

  get routers(): FakeRouter[] {
    return this.workers.flatMap(({ routers }) => [...routers]);
  }

  /** What a browser that receives everything would say. */
  get caps(): unknown {
    return receivesAll(this.routers[0]?.capabilities);
  }

  ask(device: string, step: string, body: unknown = {}, room = id): Promise<Answer> {
    const caller = { device, member: fp('m'), party: fp('p') };
    if (step === '') return this.#doors.ask('GET', `/v1/rooms/${room}`, { caller });
    return this.#doors.ask('POST', `/v1/rooms/${room}/${step}`, { caller, body });
  }

  join(device: string, conf: string = confs[0], room = roomId(cid, conf)): Promise<Answer> {
    return this.ask(device, 'join', { cid, conf }, room);
  }

  /** What a door gives; throws the code when it refuses. */
  async given(answer: Promise<Answer>): Promise<Record<string, string>> {
    const { code, json } = await answer;
    if (code) throw new Error(code);
    return json as Record<string, string>;
  }

  async transport(device: string, dir: 'send' | 'recv'): Promise<string> {
    return (await this.given(this.ask(device, 'transport', { dir })))['id'] as string;
  }

  async produce(device: string, ssrc = 11): Promise<string> {
    const transport = await this.transport(device, 'send');
    const body = { transport, kind: 'audio', rtp: opus(ssrc) };
    return (await this.given(this.ask(device, 'produce', body)))['id'] as string;
  }
}
