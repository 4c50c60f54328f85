import type { Json } from '#protocol/codec/canonical-json.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import type { PersonKeys } from '#protocol/archive/person-keys.ts';
import type { Chain } from '#protocol/identity/chain.ts';
import type { LinkCode } from '#protocol/identity/link.ts';
import type { Engine } from '#protocol/ports.ts';
import { devrevMessage } from '#protocol/state/kinds/devrev.ts';
import { isDeviceEffective, type MissionState } from '#protocol/state/mission-state.ts';
import type { Carrier } from '../exchange.ts';
import type { LocalSwarm } from '../local-swarm.ts';
import type { Clock } from '../ports.ts';
import { problem, shown } from '../problem.ts';
import type { ClientProblem } from '../model.ts';
import { minuteOf } from '../room.ts';
import type { Self, SelfRecord } from '../self.ts';
import { LinkDoor } from './link-door.ts';
import type { OldDeviceView } from './linking-model.ts';
import { OldDevice } from './old-device.ts';

export interface LinkingDeps {
  engine: Engine;
  clock: Clock;
  self: Self;
  mission: LocalSwarm<MissionState>;
  record(): SelfRecord;
  open: Carrier;
  proven: Carrier;
  /** The person's keys as of now. */
  keys(): PersonKeys;
  /** Sends what was written; resolves when the box has it or cannot be reached now. */
  delivered(): Promise<void>;
  onChange(): void;
  onProblem(told: ClientProblem): void;
}

/** How long the box is left alone when it did not take the new device at once. */
const againMs = 2_000;

/** A person's further devices, as the one in the mission brings them in and retires them. */
export class Linking {
  readonly #deps: LinkingDeps;
  #link: OldDevice | undefined;
  #present = new AbortController();

  constructor(deps: LinkingDeps) {
    this.#deps = deps;
  }

  view(): OldDeviceView | undefined {
    return this.#link?.view();
  }

  /** Takes the code of a new device. Only one link is on at a time; a new one ends the other. */
  async begin(code: LinkCode): Promise<void> {
    const { clock, engine, mission, open, proven, record, self } = this.#deps;
    if (toB64u(code.box) !== record().box) throw problem('CODE_OTHER_BOX');
    this.#checkOpen();
    await this.leave();
    const { signal } = this.#present;
    const link = new OldDevice(
      {
        ...{ engine, clock, self, cid: mission.cid },
        chain: this.#chain(),
        door: new LinkDoor(open, proven),
        keys: () => this.#deps.keys(),
        enrol: (x) => this.#enrol(x, signal),
        onChange: () => this.#deps.onChange(),
      },
      code,
    );
    this.#link = link;
    link.run(signal).catch((error: unknown) => {
      if (!signal.aborted) this.#deps.onProblem(shown(error));
    });
  }

  /** The person compared the digits here. */
  async compare(matches: boolean, withParty: boolean): Promise<void> {
    if (!this.#link) throw problem('LINK_GONE');
    await this.#link.compare(matches, withParty, this.#present.signal);
  }

  /** Ends the link, or closes what is left of it on the screen. */
  async leave(): Promise<void> {
    const link = this.#link;
    this.#link = undefined;
    await link?.leave(this.#present.signal);
    this.stop();
    this.#present = new AbortController();
  }

  stop(): void {
    this.#present.abort();
  }

  /** Another device of this person is none any more (§3.4); the next word is said under a new key. */
  async retire(device: string): Promise<void> {
    const { mission, self } = this.#deps;
    const held = this.#state().devices.get(device);
    if (held?.member !== self.mfp || device === self.dfp) throw problem('DEVICE_GONE');
    if (!isDeviceEffective(this.#state(), device)) return;
    const message = devrevMessage(mission.cid, { d: device });
    const s = toB64u(await self.member.sign('swarm-cert-v1', message));
    await this.#write('devrev', { d: device, s });
    await this.#deps.delivered();
  }

  /** In the mission, and at the box: before that the new device could not even log in. */
  async #enrol(x: { [key: string]: Json }, signal: AbortSignal): Promise<void> {
    const { clock, delivered, mission } = this.#deps;
    this.#checkOpen();
    await this.#write('devadd', x);
    await delivered();
    while (mission.outbox.pending.length > 0 && !signal.aborted) {
      await clock.wait(againMs, signal);
      await delivered();
    }
    signal.throwIfAborted();
  }

  async #write(k: string, x: { [key: string]: Json }): Promise<void> {
    const { clock, mission, self } = this.#deps;
    const proposal = { k, d: self.dfp, seconds: minuteOf(clock.now()), x };
    await mission.write(() => Promise.resolve({ proposal }));
  }

  #checkOpen(): void {
    const { mission } = this.#deps;
    if (!mission.isKnown) throw problem('NOT_IN_MISSION');
    if (this.#state().closed.length > 0) throw problem('MISSION_CLOSED');
  }

  #chain(): Chain {
    const { record, self } = this.#deps;
    const { devices, members, parties } = this.#state();
    const device = devices.get(self.dfp)?.certificate;
    const member = members.get(self.mfp)?.certificate;
    const party = parties.get(record().party)?.certificate;
    if (!device || !member || !party) throw problem('NOT_IN_MISSION');
    return { party, member, device };
  }

  #state(): MissionState {
    return this.#deps.mission.replica.view().state;
  }
}
