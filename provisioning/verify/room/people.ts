import type { Op } from '../graph/op.ts';
import { isMemberEffective, type MissionState } from '../mission/state.ts';
import { banned } from '../mission/build.ts';
import type { Removal } from '../resolve/removal.ts';
import type { Resolution } from '../resolve/resolution.ts';
import type { Person, RoomState, Status } from './state.ts';

type View = Resolution<RoomState>;

/** Step 6 for everybody who was ever let in, with M4 and M9. */
export function peopleOf(view: View, above: Resolution<MissionState>): Map<string, Person> {
  const genesis = view.ops.find(({ k }) => k === 'genesis');
  const founders = (genesis?.x['founders'] ?? []) as string[];
  // Who joins by the join key invites himself (mode 3).
  const byKey = view.effective('join').filter(({ x }) => x['s'] !== undefined);
  const adds = [...view.effective('add'), ...byKey];
  const added = (op: Op): string | undefined =>
    op.k === 'add' ? (op.x['m'] as string) : view.authorOf(op)?.member;
  const joins = [...(genesis === undefined ? [] : [genesis]), ...view.effective('join')];
  const names = new Set([...founders, ...adds.flatMap((op) => added(op) ?? [])]);
  return new Map(
    [...names].sort().map((mfp): [string, Person] => {
      const party = above.state.members.get(mfp)?.party ?? '';
      const own = view.removals.filter((r) => r.sort !== 'demote' && r.subject.u === mfp);
      const others = removalsAbove(above, mfp, party);
      const { graph } = view.swarm;
      const counting = joins.filter((join) => {
        if (view.authorOf(join)?.member !== mfp) return false;
        const isAfterOwn = own.every(({ lifts }) =>
          lifts.some((lift) => lift === join || graph.isBefore(lift, join)),
        );
        const mission = above.swarm.graph;
        return (
          isAfterOwn &&
          others.every(({ lifts }) => lifts.some((lift) => mission.has(join.above, lift)))
        );
      });
      const mine = adds.filter((op) => added(op) === mfp);
      const { promotions, role } = roleOf(
        view,
        mfp,
        founders.includes(mfp),
        // An `add` says what somebody is; a join by the key leaves that as it was.
        mine.filter(({ k }) => k === 'add'),
      );
      const status = statusOf(view, above.state, mfp, counting.length > 0 ? role : 'invited');
      const { bannedBy } = banned(view, 'member', mfp);
      const isFounder = founders.includes(mfp);
      return [
        mfp,
        { mfp, party, role, status, isFounder, bannedBy, joins: counting, adds: mine, promotions },
      ];
    }),
  );
}

/** Removals in the mission of a person, or of its party. */
export function removalsAbove(
  above: Resolution<MissionState>,
  mfp: string,
  party: string,
): readonly Removal[] {
  return above.removals.filter(({ subject: { c, u } }) =>
    c === 'member' ? u === mfp : c === 'party' && u === party,
  );
}

function statusOf(view: View, mission: MissionState, mfp: string, inside: Status): Status {
  if (view.unlifted('ban', 'member', mfp).length > 0) return 'banned';
  const member = mission.members.get(mfp);
  const isBanned = member?.isBanned || mission.parties.get(member?.party ?? '')?.isBanned;
  if (isBanned === true) return 'banned-in-mission';
  if (view.unlifted('voluntary', 'member', mfp).length > 0) return 'left';
  return isMemberEffective(mission, mfp) ? inside : 'left';
}

/**
 * The role granted last. Who left and was added again begins as what the `add` says; a demotion
 * that no later promotion knew of holds (C1).
 */
function roleOf(
  view: View,
  mfp: string,
  isFounder: boolean,
  adds: readonly Op[],
): { role: 'admin' | 'member'; promotions: Op[] } {
  const { graph } = view.swarm;
  const about = (a: string): Op[] =>
    view
      .of('resolve')
      .filter(({ sid, x }) => x['a'] === a && x['u'] === mfp && view.stands.has(sid));
  const isForgotten = (op: Op): boolean => adds.some((add) => graph.isBefore(op, add));
  const promotions = about('promote').filter((op) => !isForgotten(op));
  const wasDemoted = about('demote').some((op) => !isForgotten(op));
  const isDemoted = view.unlifted('demote', 'member', mfp).some(({ op }) => !isForgotten(op));
  const isBorn = isFounder && adds.length === 0 && !wasDemoted;
  const isAdmin = !isDemoted && (isBorn || promotions.length > 0);
  return { role: isAdmin ? 'admin' : 'member', promotions: isBorn ? [] : promotions };
}
