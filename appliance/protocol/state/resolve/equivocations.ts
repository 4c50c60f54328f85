import type { Op } from '../op.ts';
import type { Equivocations } from './setting.ts';

/** Step 1: from which number on each forked device's branches differ. */
export function equivocations(forks: ReadonlyMap<number, readonly Op[]>): Equivocations {
  return new Map([...forks].map(([device, tips]) => [device, forkPoint(tips)]));
}

function forkPoint(tips: readonly Op[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const [i, a] of tips.entries()) {
    for (const b of tips.slice(i + 1)) least = Math.min(least, parting(a, b));
  }
  return least;
}

/** First number at which two chains of one device hold different commits. */
function parting(a: Op, b: Op): number {
  let [long, short] = a.envelope.q >= b.envelope.q ? [a, b] : [b, a];
  while (long.previous !== undefined && long.envelope.q > short.envelope.q) long = long.previous;
  let first = short.envelope.q;
  while (long !== short && long.previous !== undefined && short.previous !== undefined) {
    first = short.envelope.q;
    long = long.previous;
    short = short.previous;
  }
  return long === short ? first : 0;
}
