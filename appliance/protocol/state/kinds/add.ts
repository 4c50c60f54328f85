import { isFingerprint } from '../../codec/fingerprint.ts';
import { fields, oneOf } from '../../codec/shape.ts';
import { accepted, refused } from '../../verdict.ts';
import { statusOf, type ChildState, type Gift, type Person, type Role } from '../child-state.ts';
import { checkGuest, isGuest } from '../guests.ts';
import { kind } from '../kind.ts';
import { isMemberEffective } from '../mission-state.ts';
import type { Op } from '../op.ts';
import { subject, unlifted, withLift } from '../removal.ts';
import { give } from './give.ts';
import { heldKeys } from './shapes.ts';

/** `x` of an invitation. */
export interface Add {
  m: string;
  r: Role;
  h?: [eid: string, nonce: string, box: string, ek: string][];
}

/** L4: people of one conversation. */
export const mostPeople = 256;

/** Invites somebody of the mission; also lifts an earlier voluntary leave (R21). */
export const add = kind<ChildState, Add>({
  shape: fields({ m: isFingerprint, r: oneOf('admin', 'member') }, { h: heldKeys }),

  check(scene, x) {
    const { op, state, mission } = scene;
    const { mode, founders } = state.genesis;
    const status = statusOf(state, mission, x.m);
    if (mode === 0 && !founders.includes(x.m)) return refused('R21', 'mode 0 is for two');
    if (mode === 1 && statusOf(state, mission, op.author.member) !== 'admin') {
      return refused('R21', 'only an admin adds people here');
    }
    if (x.m === op.author.member) return refused('R21', 'nobody adds himself');
    if (!isMemberEffective(mission, x.m))
      return refused('M4', 'the mission does not have this person');
    if (isGuest(mission, x.m)) {
      const guest = checkGuest(scene, x);
      if (!guest.ok) return guest;
    }
    if (status !== undefined && status !== 'left') return refused('R21', 'already known here');
    const returns = status === 'left' && founders.includes(x.m);
    if (x.r === 'admin' && !returns) return refused('R21', 'nobody is added as an admin');
    if (x.h?.some(([eid]) => !state.epochs.has(eid)))
      return refused('K11', 'an unknown epoch is given');
    if (status === undefined && state.people.size >= mostPeople)
      return refused('L4', 'the room is full');
    return accepted;
  },

  apply(state, { op, saw, mission }, x) {
    const key = subject('member', x.m);
    const known = state.people.get(x.m);
    const since = sinceOf(state, op, mission !== undefined && isGuest(mission, x.m));
    if (known === undefined) {
      const party = mission?.members.get(x.m)?.party;
      if (party === undefined) return state;
      const person: Person = {
        member: x.m,
        party,
        granted: 'member',
        added: [op.sid],
        ...since,
        demotions: [],
        hasJoined: false,
        wasAdmin: false,
        settled: [],
      };
      return { ...state, people: new Map(state.people).set(x.m, person) };
    }
    const added = [...known.added.filter((sid) => !saw(sid)), op.sid].sort();
    const again = { ...known, added, ...since };
    const open = unlifted(state.removals, key).filter(({ kind: how }) => how === 'left');
    if (!open.some(({ by }) => saw(by)))
      return { ...state, people: new Map(state.people).set(x.m, again) };
    return {
      ...state,
      removals: withLift(state.removals, key, 'left', op.sid, saw),
      people: new Map(state.people).set(x.m, { ...again, granted: x.r }),
    };
  },

  trace(state, _act, x) {
    const gift: Gift = { class: 'member', to: x.m };
    return give(state, x.h?.map(([eid]) => eid) ?? [], gift);
  },
});

/** Of a guest: the keys from the cut right before on; none if that cut is void. */
function sinceOf({ epochs }: ChildState, op: Op, isOfGuest: boolean): Pick<Person, 'since'> {
  if (!isOfGuest) return {};
  const cut = [...epochs.values()].find(({ by }) => by === op.previous?.sid);
  return { since: cut?.generation ?? Number.MAX_SAFE_INTEGER };
}
