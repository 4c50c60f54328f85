import { accepted, refused, type Verdict } from '../verdict.ts';
import type { Chamber } from './chamber.ts';
import { roleOf, statusOf, type ChildState, type Person } from './child-state.ts';
import { isGuest } from './guests.ts';
import type { Scene } from './kind.ts';
import { leaderlessActions, leftBehind } from './leaderless.ts';
import { isMemberEffective } from './mission-state.ts';
import { subject, unlifted, withLift, withRemoval } from './removal.ts';
import type { Motion } from './swarm-state.ts';

/** In a conversation its admins vote, each for itself or for the party (R27, M4); without any, R29. */
export const childChamber: Chamber<ChildState> = {
  perMember: (state) => state.genesis.unit === 'member',

  units: (scene) => {
    const counted = isLeaderless(scene)
      ? leftBehind(scene)
      : [...scene.state.people.values()].filter((person) => counts(scene, person));
    return [...new Set(counted.map((person) => unitFor(scene, person)))];
  },

  voters: (scene, unit) =>
    votersOf(scene)
      .filter((person) => unitFor(scene, person) === unit)
      .map(({ member }) => member),

  unitOf: (scene, member) => {
    const person = votersOf(scene).find((one) => one.member === member);
    return person === undefined ? undefined : unitFor(scene, person);
  },

  targetUnit: (scene, motion) => {
    const person = personOf(scene, motion);
    return person === undefined ? undefined : unitFor(scene, person);
  },

  removes: (scene, motion) => {
    const { a, c } = motion;
    const person = personOf(scene, motion);
    if (c !== 'member' || (a !== 'ban' && a !== 'demote') || !person) return undefined;
    const unit = unitFor(scene, person);
    const others = [...scene.state.people.values()].filter(
      (one) => one !== person && unitFor(scene, one) === unit && counts(scene, one),
    );
    return others.length === 0 && counts(scene, person) ? unit : undefined;
  },

  // A conversation has no charter (V10).
  threshold: () => 'majority',

  applies(scene, motion): Verdict {
    const { cid, op, state } = scene;
    const { a, c, u } = motion;
    if (state.genesis.mode === 0) return refused('R25', 'mode 0 has no votes');
    const leaderless = isLeaderless(scene);
    if (leaderless && !leaderlessActions.has(a))
      return refused('R29', 'without an admin people only promote or close');
    if (a === 'close') {
      if (c !== 'swarm' || u !== cid) return refused('R25', 'close is about the conversation');
      return state.closed.length === 0 ? accepted : refused('R25', 'closed already');
    }
    const person = personOf(scene, motion);
    if (person === undefined) return refused('R25', 'an unknown target');
    // Those left without an admin may all be of one party: then only nobody votes about himself.
    const isOwn = leaderless ? u === op.author.member : person.party === op.author.party;
    if (isOwn) return refused('R25', 'nobody votes about the own party');
    return appliesTo(scene, motion, person);
  },

  carry(state, { op, saw }, { a, c, u, votes }) {
    if (a === 'close') return { ...state, closed: [...state.closed, op.sid].sort() };
    if (c !== 'member' && c !== 'device') return state;
    const key = subject(c, u);
    if (a === 'ban') {
      const removal = { by: op.sid, kind: 'ban', votes, lifts: [] } as const;
      return { ...state, removals: withRemoval(state.removals, key, removal) };
    }
    if (a === 'unban') {
      return { ...state, removals: withLift(state.removals, key, 'ban', op.sid, saw) };
    }
    const person = state.people.get(u);
    if (person === undefined) return state;
    const changed: Person =
      a === 'promote'
        ? {
            ...person,
            granted: 'admin',
            wasAdmin: true,
            demotions: person.demotions.map(({ by, isLifted }) => ({
              by,
              isLifted: isLifted || saw(by),
            })),
          }
        : { ...person, demotions: [...person.demotions, { by: op.sid, isLifted: false }] };
    return { ...state, people: new Map(state.people).set(u, changed) };
  },
};

function appliesTo(
  { state, mission }: Scene<ChildState>,
  { a, c, u }: Motion,
  person: Person,
): Verdict {
  const status = statusOf(state, mission, person.member);
  if (c === 'device') {
    const isBanned = unlifted(state.removals, subject('device', u)).length > 0;
    if (a === 'ban' && !isBanned) return accepted;
    return a === 'unban' && isBanned ? accepted : refused('R25', 'not possible for this device');
  }
  const isBanned = unlifted(state.removals, subject('member', u)).some(
    ({ kind }) => kind === 'ban',
  );
  if (a === 'ban' && !isBanned) return accepted;
  if (a === 'unban' && isBanned) return accepted;
  if (a === 'promote' && isGuest(mission, u)) return refused('M12', 'a guest is no admin');
  if (a === 'promote' && status === 'member') return accepted;
  if (a === 'demote' && status === 'admin') return accepted;
  return refused('R25', 'not possible in this status');
}

function personOf({ state, mission }: Scene<ChildState>, { c, u }: Motion): Person | undefined {
  if (c === 'member') return state.people.get(u);
  if (c === 'device') return state.people.get(mission.devices.get(u)?.member ?? '');
  return undefined;
}

/** Admins, and founders who are still to join as admins: nobody is alone by coming first (R27). */
function counts(scene: Scene<ChildState>, person: Person): boolean {
  const { state, mission } = scene;
  const status = statusOf(state, mission, person.member);
  if (!isMemberEffective(mission, person.member)) return false;
  if (status === 'admin') return true;
  const isFounder = state.genesis.founders.includes(person.member);
  return status === 'invited' && isFounder && !person.hasJoined && roleOf(person) === 'admin';
}

function isAdmin({ state, mission }: Scene<ChildState>, member: string): boolean {
  return isMemberEffective(mission, member) && statusOf(state, mission, member) === 'admin';
}

/** R29: nobody who joined as an admin is one any more. */
function isLeaderless(scene: Scene<ChildState>): boolean {
  return ![...scene.state.people.keys()].some((member) => isAdmin(scene, member));
}

function votersOf(scene: Scene<ChildState>): readonly Person[] {
  const admins = [...scene.state.people.values()].filter(({ member }) => isAdmin(scene, member));
  return admins.length > 0 ? admins : leftBehind(scene);
}

function unitFor({ state }: Scene<ChildState>, person: Person): string {
  return state.genesis.unit === 'member' ? person.member : person.party;
}
