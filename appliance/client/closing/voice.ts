import type { Json } from '#protocol/codec/canonical-json.ts';
import { fromB64u } from '#protocol/codec/text-form.ts';
import { boxKeyHash } from '#protocol/mission/login.ts';
import {
  boxKeys,
  isDeviceEffective,
  leadsOf,
  type MissionState,
} from '#protocol/state/mission-state.ts';
import type { LocalSwarm } from '../local-swarm.ts';
import { ClientProblem } from '../model.ts';
import type { Clock } from '../ports.ts';
import { problem } from '../problem.ts';
import { minuteOf } from '../room.ts';
import type { Self } from '../self.ts';
import type { VaultChange } from '../vault.ts';

export interface VoiceDeps {
  clock: Clock;
  self: Self;
  mission: LocalSwarm<MissionState>;
  /** Hash of the box's key, b64u, as the own code had it. */
  box: string;
}

/** What this device can say in the mission after its close, and for whom. */
export class Voice {
  readonly self: Self;
  readonly mission: LocalSwarm<MissionState>;
  readonly #clock: Clock;
  readonly #box: string;

  constructor({ box, clock, mission, self }: VoiceDeps) {
    this.self = self;
    this.mission = mission;
    this.#clock = clock;
    this.#box = box;
  }

  get state(): MissionState {
    return this.mission.replica.view().state;
  }

  /** Whether a close stands. */
  get isClosed(): boolean {
    return this.mission.isKnown && this.state.closed.length > 0;
  }

  /** The own party's fingerprint; '' before the own certificate is here. */
  get party(): string {
    return this.state.members.get(this.self.mfp)?.party ?? '';
  }

  /** Whether this device may still write. */
  get isIn(): boolean {
    return isDeviceEffective(this.state, this.self.dfp) && !this.mission.fault;
  }

  /** Whether this person speaks for its party. */
  get isLead(): boolean {
    return this.isIn && leadsOf(this.state, this.party).includes(this.self.mfp);
  }

  /** The recorded key of the box that the own code named, b64u; undefined if none of them is. */
  get boxKey(): string | undefined {
    return boxKeys(this.state).find((key) => this.isBox(key));
  }

  /** Whether this key, b64u, is that of the box that the own code named (A1). */
  isBox(key: string): boolean {
    const bytes = fromB64u(key, 32);
    const hash = fromB64u(this.#box, 32);
    return bytes !== undefined && hash?.join() === boxKeyHash(bytes).join();
  }

  /** Rejects with words unless a close stands and this person speaks for its party. */
  mustLead(): void {
    if (!this.isClosed) throw problem('CLOSING_NOT_YET');
    if (!this.isLead) throw problem('NOT_A_LEAD');
  }

  /**
   * Writes a commit of the mission; `changes` are kept in the same transaction. Rejects with
   * `CLOSING_NOT_YET` if the rules do not have it now.
   */
  async say(
    k: string,
    x: { [key: string]: Json },
    changes: readonly VaultChange[] = [],
  ): Promise<void> {
    const proposal = { k, d: this.self.dfp, seconds: minuteOf(this.#clock.now()), x };
    try {
      await this.mission.write(() => Promise.resolve({ proposal, changes }));
    } catch (error) {
      const isRefused = error instanceof ClientProblem;
      if (isRefused && error.problem.code === 'CONVERSATION_REFUSED') {
        throw problem('CLOSING_NOT_YET', error);
      }
      throw error;
    }
  }
}
