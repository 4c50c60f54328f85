import { equal } from '#protocol/codec/bytes.ts';
import { fromB64u } from '#protocol/codec/text-form.ts';
import { boxKeyHash } from '#protocol/mission/login.ts';
import { contested, recordedBox, type MissionState } from '#protocol/state/mission-state.ts';
import type { ClientProblem } from './model.ts';
import type { OpenDoor } from './open-door.ts';
import { problem } from './problem.ts';

/** The one box that this device deals with: that of its own code (A1). */
export class BoxTrust {
  /** Hash of the box's key, 32 bytes. */
  readonly hash: Uint8Array;
  readonly #door: OpenDoor;
  readonly #onProblem: (told: ClientProblem) => void;
  #key: Uint8Array | undefined;
  #saidContested = false;

  /** `box` is the hash in b64u, as the code had it. */
  constructor(box: string, door: OpenDoor, onProblem: (told: ClientProblem) => void) {
    this.hash = fromB64u(box, 32) ?? new Uint8Array(32);
    this.#door = door;
    this.#onProblem = onProblem;
  }

  /** The key that fits the hash; undefined until the box said it. */
  get key(): Uint8Array | undefined {
    return this.#key;
  }

  /** Rejects with `BOX_OTHER_KEY` if another box answers. */
  async check(signal: AbortSignal): Promise<void> {
    if (this.#key) return;
    const { key } = await this.#door.box(signal);
    if (!equal(boxKeyHash(key), this.hash)) throw problem('BOX_OTHER_KEY');
    this.#key = key;
  }

  /**
   * The mission itself names its box; a code on a wall that named another was a trap. Where its
   * leads disagree nothing but the own code counts, and people hear of it, once an opening.
   */
  compare(state: MissionState): void {
    const recorded = recordedBox(state);
    if (recorded === contested) {
      if (!this.#saidContested) this.#onProblem(problem('BOX_CONTESTED'));
      this.#saidContested = true;
      return;
    }
    const key = recorded === undefined ? undefined : fromB64u(recorded, 32);
    if (key && !equal(boxKeyHash(key), this.hash)) throw problem('BOX_OTHER_KEY');
  }
}
