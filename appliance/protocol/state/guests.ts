import { accepted, refused, type Verdict } from '../verdict.ts';
import { statusOf, type ChildState } from './child-state.ts';
import type { Scene } from './kind.ts';
import type { Add } from './kinds/add.ts';
import type { MissionState } from './mission-state.ts';

/** M12: all that a guest writes in a conversation; never votes, invitations or keys. */
export const guestKinds: ReadonlySet<string> = new Set(['join', 'leave', 'merge', 'msg']);

/** Whether somebody is certified as a guest only. */
export function isGuest({ members }: MissionState, member: string): boolean {
  return members.get(member)?.certificate.c.k === 1;
}

/**
 * M12: whether a guest may be brought in: the conversation takes guests, the certificate names it,
 * and the author has just cut the history, so that the guest gets no key of what was before.
 */
export function checkGuest({ cid, mission, op, state }: Scene<ChildState>, x: Add): Verdict {
  const { guests } = state.genesis;
  if (guests === undefined) return refused('M12', 'no guests in this conversation');
  const isAdmin = statusOf(state, mission, op.author.member) === 'admin';
  if (guests === 'admin' && !isAdmin) return refused('M12', 'only an admin brings guests');
  if (!mission.members.get(x.m)?.certificate.c.rooms?.includes(cid))
    return refused('M12', 'the guest is certified for other conversations');
  if (x.r !== 'member') return refused('M12', 'a guest is no admin');
  const [newest, ...others] = state.newest;
  const cut = state.epochs.get(newest ?? '');
  if (cut?.isCut !== true || others.length > 0 || cut.by !== op.previous?.sid)
    return refused('K17', "the author's last commit is not a cut epoch");
  const given = x.h?.every(([eid]) => eid === newest) ?? true;
  return given ? accepted : refused('K17', 'a guest gets no key of what was before');
}

/** From which generation of keys on somebody may be given any; 0 for all but guests. */
export function keysSince(state: ChildState, member: string): number {
  return state.people.get(member)?.since ?? 0;
}
