import type { Founding } from '../identity/founding.ts';
import type { Op } from '../graph/op.ts';
import type { Law } from '../resolve/law.ts';
import type { Author } from '../resolve/removal.ts';
import type { Resolution } from '../resolve/resolution.ts';
import type { Threshold } from '../identity/founding.ts';
import type { Electorate } from '../votes/threshold.ts';
import { stateOf } from './build.ts';
import { pendingPeople, serialOf } from './claims.ts';
import { reopeningElectorates } from './reopening.ts';
import { introductions } from './introductions.ts';
import { leadsOf, unitsOf, type MissionState } from './state.ts';

/** The mission's own law: parties are the units, the charter names the thresholds (V10, V11). */
export function missionLaw(founding: Founding): Law<MissionState> {
  const authors = (ops: readonly Op[]) => {
    const { devices, members } = introductions(founding, ops);
    return (device: string): Author | undefined => {
      const member = devices.get(device)?.member ?? '';
      const party = members.get(member)?.party;
      return party === undefined ? undefined : { device, member, party };
    };
  };
  return {
    author: (_known, ops) => authors(ops),
    electorate,
    electorates: (view, { a }) =>
      a === 'reopen' ? reopeningElectorates(view) : [electorate(view)],
    // What a charter does not name needs what a ban needs.
    threshold: ({ state: { charter } }, { a }) => {
      if (a === 'reopen') return 'majority';
      const isNamed = ['addparty', 'close', 'rule', 'update'].includes(a);
      return charter[isNamed ? a : 'ban'] as Threshold;
    },
    unit: ({ party }) => party,
    targetUnit: ({ state }, { c, u }) => {
      if (c === 'party') return u;
      if (c === 'member') return state.members.get(u)?.party;
      return c === 'device'
        ? state.members.get(state.devices.get(u)?.member ?? '')?.party
        : undefined;
    },
    departure: ({ k, x }, { member, party }) => {
      if (k === 'leave') return { c: 'member', u: member };
      if (k === 'withdraw') return { c: 'party', u: party };
      if (k !== 'devrev') return undefined;
      return x['all'] === 1
        ? { c: 'member', u: x['m'] as string }
        : { c: 'device', u: x['d'] as string };
    },
    needsAdmin: () => false,
    grounds: (view, op, author) => {
      if (op.k !== 'join') return groundsOf(founding, view, author);
      // C5: a ticket of somebody banned at the same time brings nobody in.
      return [view.of('invite').filter(({ x }) => serialOf(x) === op.x['t'])];
    },
    inDoubt: (view) => pendingPeople(founding, view),
    grantsOf: (view, unit) => {
      const bans = view.removals.filter((r) => r.sort === 'ban' && r.subject.u === unit);
      const { parties } = introductions(founding, view.ops);
      return [...bans.flatMap(({ lifts }) => lifts), ...(parties.get(unit)?.by ?? [])];
    },
    unitsRemoved: (_view, { sort, subject }) =>
      sort === 'ban' && subject.c === 'party' ? [subject.u] : [],
    state: (view) => stateOf(founding, view),
  };
}

/** Every party that counts, with the leads who vote for it. */
function electorate({ state }: Resolution<MissionState>): Electorate {
  return new Map(unitsOf(state).map((unit) => [unit, leadsOf(state, unit)]));
}

/** The commits that introduced a device and its person; a founder's is the genesis. */
function groundsOf(
  founding: Founding,
  view: Resolution<MissionState>,
  { device, member }: Author,
): Op[][] {
  const { devices, members, parties } = introductions(founding, view.ops);
  const party = members.get(member)?.party ?? '';
  return [devices.get(device)?.by, members.get(member)?.by, parties.get(party)?.by]
    .map((by) => by ?? [])
    .filter(({ length }) => length > 0);
}
