import type { MissionReplica, RoomReplica } from '../admit/replica.ts';
import { utf8 } from '../codec/bytes.ts';
import { encode, type Json } from '../codec/canonical-json.ts';
import { toB64u } from '../codec/text-form.ts';
import { isInside, statusOf } from '../state/child-state.ts';
import { isMemberEffective } from '../state/mission-state.ts';
import { unlifted, type Removals } from '../state/removal.ts';

type Row = { [key: string]: Json };

/**
 * `status.json`: what the commits of each swarm mean, mission first (SWARM §13). Git knows nothing
 * of authority; this says it, and whoever has the commits can work it out again.
 */
export function statusBytes(mission: MissionReplica, rooms: readonly RoomReplica[]): Uint8Array {
  const sorted = rooms.toSorted((a, b) => ((a.cid ?? '') < (b.cid ?? '') ? -1 : 1));
  const swarms = [missionRow(mission), ...sorted.map(roomRow)];
  return utf8(encode({ cid: mission.cid ?? '', swarms, v: 1 }));
}

function missionRow(replica: MissionReplica): Row {
  const view = replica.view();
  const members = [...view.state.members.keys()];
  return {
    ...commonRow(replica, view.state.removals),
    fallen: view.state.fallen.toSorted(),
    members: members.filter((member) => isMemberEffective(view.state, member)).sort(),
    tree: toB64u(replica.swarm.tree(view).th),
  };
}

function roomRow(replica: RoomReplica): Row {
  const view = replica.view();
  const { mission, state } = view;
  const members = [...state.people.keys()].filter(
    (member) => isMemberEffective(mission, member) && isInside(statusOf(state, mission, member)),
  );
  return {
    ...commonRow(replica, state.removals),
    fallen: state.fallen.toSorted(),
    members: members.sort(),
    tree: toB64u(replica.swarm.tree(view).th),
  };
}

function commonRow(replica: MissionReplica | RoomReplica, removals: Removals): Row {
  const { hidden } = replica.order();
  const banned = removed(removals, 'ban');
  return {
    banned,
    cid: replica.cid ?? '',
    commits: replica.size,
    forks: forksOf(replica),
    heads: replica.heads.map(({ sid }) => sid).sort(),
    hidden: hidden
      .map(({ op, reason }): [string, string] => [op.sid, reason])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
    left: removed(removals, 'left').filter((one) => !banned.includes(one)),
  };
}

/** Places at which a device contradicted itself: `[dfp, q]`. */
function forksOf(replica: MissionReplica | RoomReplica): Json[] {
  const places = new Map<string, [string, number, number]>();
  for (const { envelope } of replica.commits()) {
    const key = `${envelope.d} ${envelope.q}`;
    const held = places.get(key);
    if (held === undefined) places.set(key, [envelope.d, envelope.q, 1]);
    else held[2]++;
  }
  const doubled = [...places.values()].filter(([, , count]) => count > 1);
  const sorted = doubled.sort((a, b) => (a[0] === b[0] ? a[1] - b[1] : a[0] < b[0] ? -1 : 1));
  return sorted.map(([device, q]) => [device, q]);
}

/** Fingerprints of whom a removal of this kind keeps out, whatever class. */
function removed(removals: Removals, kind: 'ban' | 'left'): string[] {
  const subjects = [...removals.keys()].filter((key) =>
    unlifted(removals, key).some((removal) => removal.kind === kind),
  );
  return subjects.map((key) => key.slice(key.indexOf(' ') + 1)).sort();
}
