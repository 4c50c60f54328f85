import { encode } from '../bytes/canonical-json.ts';
import { fingerprintOf } from '../bytes/hash.ts';
import { sshKey } from '../bytes/sshsig.ts';
import { b64u, byText } from '../bytes/text-form.ts';
import type { Commit } from '../commit/commit.ts';
import type { Graph } from '../graph/graph.ts';
import type { Op } from '../graph/op.ts';
import { isMemberEffective, type MissionState } from '../mission/state.ts';
import type { Resolution } from '../resolve/resolution.ts';
import { isInside, type RoomState } from '../room/state.ts';

/** `allowed_signers`: each device that the mission has and each key that signed a commit. */
export function allowedSigners(mission: MissionState, commits: Iterable<Commit>): string {
  const keys = new Map<string, Uint8Array>([...mission.devices].map(([dfp, { pk }]) => [dfp, pk]));
  for (const { key } of commits) keys.set(fingerprintOf('fp-device', key), key);
  const lines = [...keys].map(
    ([dfp, key]) => `${dfp} namespaces="git" ssh-ed25519 ${sshKey(key).toString('base64')}\n`,
  );
  return lines.sort().join('');
}

/** `status.json`, from what was worked out here. */
export function statusText(cid: string, rows: readonly object[]): string {
  return encode({ cid, swarms: rows, v: 1 });
}

/** The mission's row of the status. */
export function missionRow(view: Resolution<MissionState>, tree: Uint8Array): object {
  const { devices, members, parties } = view.state;
  const all = [
    ...[...parties].map(([fp, one]) => ({ fp, isBanned: one.isBanned, isGone: one.hasWithdrawn })),
    ...[...members].map(([fp, one]) => ({ fp, isBanned: one.isBanned, isGone: one.hasLeft })),
    ...[...devices].map(([fp, one]) => ({ fp, isBanned: one.isBanned, isGone: one.isRevoked })),
  ];
  const isHere = (mfp: string): boolean => isMemberEffective(view.state, mfp);
  return row(view, tree, {
    banned: all.filter(({ isBanned }) => isBanned).map(({ fp }) => fp),
    left: all.filter(({ isBanned, isGone }) => isGone && !isBanned).map(({ fp }) => fp),
    members: [...members.keys()].filter(isHere),
  });
}

/** A conversation's row of the status. */
export function roomRow(view: Resolution<RoomState>, tree: Uint8Array): object {
  const { bannedDevices, people } = view.state;
  const of = (status: string): string[] =>
    [...people.values()].filter((one) => one.status === status).map(({ mfp }) => mfp);
  return row(view, tree, {
    banned: [...of('banned'), ...bannedDevices.keys()],
    left: of('left'),
    members: [...people.keys()].filter((mfp) => isInside(view.state, mfp)),
  });
}

function row<S>(
  view: Resolution<S>,
  tree: Uint8Array,
  people: { banned: string[]; left: string[]; members: string[] },
): object {
  const { graph } = view.swarm;
  const hidden = graph.ops.flatMap((op): [string, string][] => {
    const reason = view.reason(op);
    return reason === undefined ? [] : [[op.sid, reason]];
  });
  const fallen = view.of('resolve').filter(({ sid }) => !view.stands.has(sid));
  return {
    cid: graph.cid,
    commits: graph.ops.length,
    banned: people.banned.sort(),
    left: people.left.sort(),
    members: people.members.sort(),
    fallen: fallen.map(({ sid }) => sid).sort(),
    forks: forksOf(graph),
    heads: headsOf(graph)
      .map(({ sid }) => sid)
      .sort(),
    hidden: hidden.sort(([a], [b]) => byText(a, b)),
    tree: b64u(tree),
  };
}

/** Commits that nothing stands on. */
export function headsOf(graph: Graph): Op[] {
  const below = new Set(graph.ops.flatMap(({ parents }) => parents));
  return graph.ops.filter((op) => !below.has(op));
}

/** Places at which a device wrote two commits on one. */
export function forksOf(graph: Graph): [string, number][] {
  const all = graph.closure(graph.ops);
  return [...graph.devices()].sort().flatMap((d): [string, number][] => {
    const from = graph.forkedFrom(all, d);
    return from === undefined ? [] : [[d, from]];
  });
}
