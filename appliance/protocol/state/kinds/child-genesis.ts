import { ascending } from '../../codec/envelope.ts';
import { isFingerprint } from '../../codec/fingerprint.ts';
import { b64u, fields, integer, list, oneOf } from '../../codec/shape.ts';
import { accepted, refused, type Verdict } from '../../verdict.ts';
import type { ChildGenesis, ChildState, Person } from '../child-state.ts';
import { isGuest } from '../guests.ts';
import type { Act, Scene } from '../kind.ts';
import { isMemberEffective } from '../mission-state.ts';
import { subject } from '../removal.ts';
import { nothingYet } from '../swarm-state.ts';

/** L4: people of one conversation. */
const mostFounders = 256;

/** Form of a conversation's parameters. */
export const childGenesisShape = fields(
  {
    founders: list(isFingerprint, 1, mostFounders),
    hist: oneOf('all', 'join', 'none'),
    mode: integer(0, 3),
    nonce: b64u(32),
    parent: isFingerprint,
    post: oneOf('member', 'admin'),
    prof: oneOf('member', 'admin'),
    unit: oneOf('member', 'party'),
  },
  { guests: oneOf('member', 'admin'), jpk: b64u(32) },
);

/** R20 and M2: the creator is a founder, and the mission has all founders. */
export function checkChildGenesis(
  { op, mission }: Pick<Scene<ChildState>, 'op' | 'mission'>,
  x: ChildGenesis,
  missionCid: string,
): Verdict {
  if (x.parent !== missionCid) return refused('R20', 'the room belongs to another mission');
  if (!ascending(x.founders)) return refused('R20', 'the founders are not sorted');
  if (!x.founders.includes(op.author.member)) return refused('R20', 'the creator is no founder');
  if (x.mode === 0 && x.founders.length > 2) return refused('R20', 'mode 0 is for two');
  if ((x.mode === 3) !== (x.jpk !== undefined)) return refused('R20', 'mode 3 has a join key');
  if (x.guests !== undefined && x.hist === 'all')
    return refused('M12', 'guests and a history for all do not go together');
  if (x.founders.some((member) => isGuest(mission, member)))
    return refused('M12', 'a guest founds nothing');
  const strangers = x.founders.filter((member) => !isMemberEffective(mission, member));
  if (strangers.length > 0) return refused('M2', 'a founder is not in the mission');
  return accepted;
}

/** All founders are admins; the creator is in, the others are invited (R22). */
export function applyChildGenesis(act: Act, x: ChildGenesis): ChildState {
  const people = x.founders.map((member): [string, Person] => [
    member,
    {
      member,
      party: act.mission?.members.get(member)?.party ?? '',
      granted: 'admin',
      added: [],
      demotions: [],
      hasJoined: member === act.op.author.member,
      wasAdmin: true,
      settled: member === act.op.author.member ? liftsKnown(act, member) : [],
    },
  ]);
  return {
    ...nothingYet,
    genesis: x,
    people: new Map(people),
    epochs: new Map(),
    newest: [],
    gifts: new Map(),
    profiles: [],
  };
}

/** Mission removals of a member or its party whose lifting the author knew (M9). */
export function liftsKnown({ mission, knows }: Act, member: string): string[] {
  const party = mission?.members.get(member)?.party ?? '';
  return [subject('member', member), subject('party', party)]
    .flatMap((key) => mission?.removals.get(key) ?? [])
    .filter((removal) => removal.lifts.some(knows))
    .map((removal) => removal.by);
}
