import { accepted, refused, type Verdict } from '../verdict.ts';
import type { SignalPlace } from './signal.ts';

/** The last signal that was taken from a sender. */
export type SignalMark = Pick<SignalPlace, 'boot' | 'n' | 'm'>;

/** Replaced boots that are remembered; older ones are refused by their time. */
const remembered = 64;

/**
 * Takes each signal of one sender at most once, in order (K19). Keep one for each device and way (mail,
 * each room): gaps are fine, going back is not. Time is the sender's own, so clocks need not agree.
 */
export class SignalReplay {
  #last: SignalMark | undefined;
  readonly #replaced = new Set<string>();

  /** Goes on after a mark that was kept, for instance over a reload. */
  constructor(last?: SignalMark) {
    this.#last = last;
  }

  /** The last signal taken. */
  get mark(): SignalMark | undefined {
    return this.#last;
  }

  /** Whether this verified signal is new; if so it counts as taken. */
  take({ boot, n, m }: SignalMark): Verdict {
    const last = this.#last;
    if (last !== undefined && m < last.m)
      return refused('K19', 'the signal is older than the last');
    if (this.#replaced.has(boot)) return refused('K19', 'the signal is of an earlier start');
    if (last?.boot === boot && n <= last.n) return refused('K19', 'the signal came before');
    if (last !== undefined && last.boot !== boot) this.#replace(last.boot);
    this.#last = { boot, n, m };
    return accepted;
  }

  #replace(boot: string): void {
    this.#replaced.add(boot);
    if (this.#replaced.size <= remembered) return;
    this.#replaced.delete(this.#replaced.values().next().value as string);
  }
}
