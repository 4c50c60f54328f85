import type { Graph } from '../graph.ts';
import type { Op } from '../op.ts';
import type { Above } from './setting.ts';

/**
 * M6: whether a commit, whose author the mission removed without its knowing, came too late to
 * count: the middle of the parties did not have it when they took notice. In a chain that is the
 * highest number they had; of a forked device branches are told apart (step 0), so that what nobody
 * had is not let in by the number of what they had. Never while nobody has taken notice. `ops` come
 * in topological order: a device's notice is its first commit that knows.
 */
export function isBehindCut(
  graph: Graph,
  ops: readonly Op[],
  above: Above,
  removal: string,
  op: Op,
  isParty: boolean,
): boolean {
  const noticed = new Set<number>();
  const had = new Map<string, boolean>();
  for (const notice of ops) {
    if (noticed.has(notice.device) || !above.knows(notice, removal)) continue;
    noticed.add(notice.device);
    const { party } = notice.author;
    if (isParty && party === op.author.party) continue;
    had.set(party, had.get(party) === true || graph.saw(notice, op));
  }
  // The subject's own party counts only if nobody else has noticed.
  if (had.size > 1) had.delete(op.author.party);
  const enough = Math.floor((had.size - 1) / 2) + 1;
  return had.size > 0 && [...had.values()].filter((one) => one).length < enough;
}
