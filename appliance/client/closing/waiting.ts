import { excusedUnits, isCloseFinal } from '#protocol/state/end.ts';
import { charterOf } from '#protocol/state/rules.ts';
import type { Clock } from '../ports.ts';
import { problem } from '../problem.ts';
import type { Vault } from '../vault.ts';
import type { Voice } from './voice.ts';

const key = 'end/final-seen';
const hourSeconds = 3600;

/** The waiting time before others may go on without a party, by this device's own clock (T6). */
export class Waiting {
  readonly #clock: Clock;
  readonly #vault: Vault;
  readonly #voice: Voice;
  #seenMs: number | undefined;

  constructor({ clock, vault, voice }: { clock: Clock; vault: Vault; voice: Voice }) {
    this.#clock = clock;
    this.#vault = vault;
    this.#voice = voice;
  }

  async open(): Promise<void> {
    this.#seenMs = await this.#vault.get<number>(key);
  }

  /** Keeps when this device first saw that the close is final. */
  async tend(): Promise<void> {
    const { isClosed, state } = this.#voice;
    if (this.#seenMs !== undefined || !isClosed || !isCloseFinal(state)) return;
    const seenMs = this.#clock.now();
    await this.#vault.write([{ key, value: seenMs }]);
    this.#seenMs = seenMs;
  }

  /** Seconds until this party may go on; the whole time while the close is not final. */
  get secondsLeft(): number {
    const seconds = charterOf(this.#voice.state).wait * hourSeconds;
    if (this.#seenMs === undefined) return seconds;
    // A clock that was put back shortens nothing.
    const passed = Math.max(0, (this.#clock.now() - this.#seenMs) / 1000);
    return Math.max(0, Math.ceil(seconds - passed));
  }

  /** Says that this party waits no longer for the party of a slot. Refused before its time. */
  async goOnWithout(slot: number): Promise<void> {
    const voice = this.#voice;
    voice.mustLead();
    const { party, state } = voice;
    const of = [...state.parties].find(([, held]) => held.slot === slot)?.[0];
    if (of === undefined) throw problem('CLOSING_NOT_YET');
    if (this.#seenMs === undefined || this.secondsLeft > 0) throw problem('WAIT_NOT_OVER');
    const said = [...state.end.elapsed.values()];
    const isSaid = said.some((held) => held.of === of && held.party === party);
    if (isSaid || excusedUnits(state).includes(of)) return;
    await voice.say('elapsed', { p: of });
  }
}
