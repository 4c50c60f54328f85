import type { Op } from '../graph/op.ts';
import type { MissionState } from '../mission/state.ts';
import { concerns, isContent, type Author, type Removal } from '../resolve/removal.ts';
import type { Resolution } from '../resolve/resolution.ts';
import type { RoomState } from './state.ts';

/** M5: whether a removal in the mission that a commit does not know hides it. */
export function isHiddenFromAbove(
  view: Resolution<RoomState>,
  above: Resolution<MissionState>,
  op: Op,
  author: Author,
): boolean {
  const mission = above.swarm.graph;
  return above.removals.some((removal) => {
    if (!concerns(removal.subject, author) || mission.has(op.above, removal.op)) return false;
    if (removal.sort === 'voluntary' && !isContent(op.k)) return false;
    return isBehindCut(view, above, removal, op, author);
  });
}

/**
 * M6: whether a commit lies behind the cut. Each party's notices say how far its author had come
 * when the party learned; the middle party decides, so a commit counts if more than ⌊(n−1)/2⌋ of
 * the n parties had it. Branches of a forked device are told apart (§9.2, step 0), and its notice is the
 * first in display order. No notice, no cut.
 */
function isBehindCut(
  view: Resolution<RoomState>,
  above: Resolution<MissionState>,
  { op: removal, subject }: Removal,
  op: Op,
  author: Author,
): boolean {
  const mission = above.swarm.graph;
  const hadIt = new Map<string, boolean>();
  const noticed = new Set<string>();
  for (const notice of view.ops) {
    if (noticed.has(notice.d) || !mission.has(notice.above, removal)) continue;
    noticed.add(notice.d);
    const party = view.authorOf(notice)?.party;
    if (party === undefined) continue;
    hadIt.set(party, hadIt.get(party) === true || view.swarm.graph.isBefore(op, notice));
  }
  const others = [...hadIt].filter(([party]) => party !== author.party);
  const isOwnOnly = others.length === 0 && subject.c !== 'party';
  const parties = isOwnOnly ? [...hadIt] : others;
  const enough = Math.floor((parties.length - 1) / 2) + 1;
  return parties.length > 0 && parties.filter(([, had]) => had).length < enough;
}
