import { equal } from '#protocol/codec/bytes.ts';
import type { JoinCode } from '#protocol/mission/code.ts';
import { boxKeyHash } from '#protocol/mission/login.ts';
import { backOffMs } from './bell.ts';
import type { ClientView } from './model.ts';
import type { BoxState, OpenDoor } from './open-door.ts';
import type { Clock } from './ports.ts';
import { problem } from './problem.ts';

type BoxView = NonNullable<ClientView['box']>;

/** How often a device without a mission looks what its box has. */
const lookEveryMs = 4_000;

/** A device that belongs nowhere yet, before its box. */
export class Arrivals {
  readonly #door: OpenDoor;
  readonly #clock: Clock;
  /** Hash of the box's key from a code; without one the key that answers first is taken. */
  #expected: Uint8Array | undefined;
  /** From a code of the box's own console; in memory only, and of no use once there is a mission. */
  #openingKey: Uint8Array | undefined;

  constructor(door: OpenDoor, clock: Clock) {
    this.#door = door;
    this.#clock = clock;
  }

  /** The box that a code named, as it is now; rejects if another one answers. */
  async expect(code: JoinCode, signal: AbortSignal): Promise<BoxView> {
    const state = await this.#door.box(signal);
    if (!equal(boxKeyHash(state.key), code.box)) throw problem('CODE_OTHER_BOX');
    this.#expected = code.box;
    if (code.kind === 'box') this.#openingKey = code.openingKey ?? this.#openingKey;
    return this.#viewOf(state);
  }

  /** Its mission is over: the box here may be another one by now, or have another key. */
  forget(): void {
    this.#expected = undefined;
    this.#openingKey = undefined;
  }

  /** What takes the place of an open founding, if a code of this device gave it. */
  get openingKey(): Uint8Array | undefined {
    return this.#openingKey;
  }

  /** Hash of the key of the box here. */
  async boxHash(signal: AbortSignal): Promise<Uint8Array> {
    const hash = boxKeyHash((await this.#door.box(signal)).key);
    if (this.#expected && !equal(this.#expected, hash)) throw problem('BOX_OTHER_KEY');
    this.#expected = hash;
    return hash;
  }

  /** Tells what the box says openly, until `signal` aborts. */
  async watch(
    tell: (view: Pick<ClientView, 'link'> & { box?: BoxView }) => void,
    signal: AbortSignal,
  ): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        const state = await this.#door.box(signal);
        failures = 0;
        tell({ link: { state: 'linked' }, box: this.#viewOf(state) });
      } catch {
        // Away or out of order: the same to somebody who has nothing here yet.
        if (signal.aborted) return;
        failures += 1;
        tell({ link: { state: 'none' } });
      }
      await this.#clock.wait(Math.max(lookEveryMs, backOffMs(failures)), signal);
    }
  }

  #viewOf({ cid, isFounding }: BoxState): BoxView {
    const [hasMission, hasFounding] = [cid !== undefined, isFounding];
    const canReplace = hasFounding && !hasMission && this.#openingKey !== undefined;
    return { hasMission, hasFounding, ...(canReplace && { canReplaceFounding: true }) };
  }
}
