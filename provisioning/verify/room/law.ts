import type { JsonObject } from '../bytes/canonical-json.ts';
import type { Op } from '../graph/op.ts';
import type { Seen } from '../graph/seen.ts';
import type { MissionState } from '../mission/state.ts';
import type { Law } from '../resolve/law.ts';
import type { Resolution } from '../resolve/resolution.ts';
import { banned } from '../mission/build.ts';
import { epochsOf } from './epochs.ts';
import { peopleOf } from './people.ts';
import { isLeaderless, leaderlessElectorate } from './leaderless.ts';
import type { Person, RoomState } from './state.ts';

/** A conversation's law: its people come from the mission as each commit knows it (M4). */
export function roomLaw(
  cid: string,
  x: JsonObject,
  missionAt: (above: Seen) => Resolution<MissionState>,
): Law<RoomState> {
  const isByParty = x['unit'] === 'party';
  return {
    author: ({ above }) => {
      const mission = missionAt(above);
      return (device) => mission.authorFor(device);
    },
    electorate: (view) => {
      if (isLeaderless(view)) return leaderlessElectorate(view, isByParty);
      const units = new Map<string, string[]>();
      for (const person of view.state.people.values()) {
        if (!isElector(person)) continue;
        const unit = isByParty ? person.party : person.mfp;
        const voters = units.get(unit) ?? [];
        units.set(unit, person.status === 'admin' ? [...voters, person.mfp] : voters);
      }
      return units;
    },
    // Voting in a conversation takes a majority; the charter's thresholds are the mission's.
    threshold: () => 'majority',
    electorates: (view) => [view.swarm.law.electorate(view)],
    unit: ({ member, party }) => (isByParty ? party : member),
    targetUnit: (view, { c, u }) => {
      const { mission } = view.state;
      const mfp = c === 'device' ? mission.devices.get(u)?.member : c === 'member' ? u : undefined;
      return isByParty ? mission.members.get(mfp ?? '')?.party : mfp;
    },
    departure: ({ k }, { member }) => (k === 'leave' ? { c: 'member', u: member } : undefined),
    needsAdmin: (_view, { k }) => {
      if (k === 'vote') return true;
      if (k === 'add') return x['mode'] === 1;
      if (k === 'profile') return x['prof'] === 'admin';
      return k === 'msg' && x['post'] === 'admin';
    },
    grounds: (view, op, { member }) => {
      const person = view.state.people.get(member);
      if (person === undefined) return [];
      // Who votes because no admin is left rests on no promotion (R29).
      const isAdminsOnly = person.status === 'admin' && view.swarm.law.needsAdmin(view, op);
      return [
        op.k === 'join' ? [] : person.joins.filter(({ k }) => k === 'join'),
        person.isFounder ? [] : person.adds,
        isAdminsOnly ? person.promotions : [],
      ].filter(({ length }) => length > 0);
    },
    inDoubt: (view) => missionAt(view.known.above).inDoubt,
    grantsOf: (view, unit) => grantsOf(view, unit, isByParty),
    unitsRemoved: (view, { sort, subject }) => {
      if (sort === 'voluntary' || subject.c !== 'member') return [];
      const person = view.state.people.get(subject.u);
      if (person === undefined || !isElector(person)) return [];
      const unit = isByParty ? person.party : person.mfp;
      return electorsOf(view, unit, isByParty).length === 1 ? [unit] : [];
    },
    state: (view) => {
      const mission = missionAt(view.known.above);
      const live = view.effective('resolve');
      const devices = new Set(
        live.filter((op) => op.x['c'] === 'device').map((op) => op.x['u'] as string),
      );
      const bans = [...devices].map((dfp): [string, readonly string[]] => [
        dfp,
        banned(view, 'device', dfp).bannedBy,
      ]);
      const profiles = view.swarm.graph.maximal(view.effective('profile'));
      return {
        cid,
        x,
        mission: mission.state,
        people: peopleOf(view, mission),
        bannedDevices: new Map(bans.filter(([, by]) => by.length > 0)),
        ...epochsOf(view),
        profile: profiles.sort((a, b) => (a.sid < b.sid ? -1 : 1)).at(-1),
        ballots: view.ballots(),
        barred: view.barredUnits(),
        closes: live.filter((op) => op.x['a'] === 'close'),
        isFrozen: view.conflicts.length > 0,
      };
    },
  };
}

/** R27: admins, and founders who have not joined yet. */
function isElector({ isFounder, role, status }: Person): boolean {
  return status === 'admin' || (status === 'invited' && isFounder && role === 'admin');
}

function electorsOf({ state }: Resolution<RoomState>, unit: string, isByParty: boolean): Person[] {
  return [...state.people.values()].filter(
    (person) => isElector(person) && (isByParty ? person.party : person.mfp) === unit,
  );
}

function grantsOf(view: Resolution<RoomState>, unit: string, isByParty: boolean): Op[] {
  const grants = electorsOf(view, unit, isByParty).map(({ mfp, promotions }) => {
    const bans = view.removals.filter((r) => r.sort === 'ban' && r.subject.u === mfp);
    return [...promotions, ...bans.flatMap(({ lifts }) => lifts)];
  });
  return grants.some(({ length }) => length === 0) ? [] : grants.flat();
}
