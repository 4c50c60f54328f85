import type { Commit } from '#protocol/codec/commit-form.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { missionReplica, roomReplica, type Replica } from '#protocol/admit/replica.ts';
import type { SwarmState } from '#protocol/state/swarm-state.ts';
import { cidOf, H } from '../../provisioning/verify/bytes/hash.ts';
import { readCommit, type Commit as Read } from '../../provisioning/verify/commit/commit.ts';
import { MissionCheck } from '../../provisioning/verify/mission/check.ts';
import { judgeAll, type Loaded } from '../../provisioning/verify/record/swarm.ts';
import type { Resolution } from '../../provisioning/verify/resolve/resolution.ts';
import { parentsFirst, RoomCheck } from '../../provisioning/verify/room/check.ts';
import { missionFiles } from '../../provisioning/verify/tree/mission-tree.ts';
import { Trees } from '../../provisioning/verify/tree/tree.ts';
import { Faults } from '../../provisioning/verify/verdict.ts';
import { nodeEngine } from './protocol-ports.ts';
import { all, type SimDevice } from './swarm-simulator/device.ts';

/** What a program makes of one swarm: what it holds valid, its tree, what it hides and why. */
export interface Opinion {
  held: string[];
  tree: string;
  hidden: string[];
  isFrozen: boolean;
}

/** Opinions about the mission and about each of its conversations. */
export type Opinions = Record<string, Opinion>;

/** Commits of a mission and its conversations, with the blobs that came along. */
export interface Case {
  mission: readonly Commit[];
  rooms: ReadonlyMap<string, readonly Commit[]>;
  blobs: readonly Uint8Array[];
}

/** All that any of these devices has. */
export function caseOf(...devices: readonly SimDevice[]): Case {
  const unique = (commits: readonly Commit[]) => [
    ...new Map(commits.map((one) => [one.sid, one])).values(),
  ];
  const held = devices.flatMap((one) => [...one.rooms.values()]).filter(({ size }) => size > 0);
  return {
    mission: unique(devices.flatMap((one) => all(one.mission))),
    rooms: new Map(
      [...Map.groupBy(held, ({ cid }) => cid as string)].map(([cid, rooms]) => [
        cid,
        unique(rooms.flatMap((room) => all(room))),
      ]),
    ),
    blobs: held.flatMap((room) => room.view().state.profiles.map(({ blob }) => blob.object.body)),
  };
}

/** What there is to say about a conversation whose genesis is refused. */
const nothing: Opinion = { held: [], tree: '', hidden: [], isFrozen: false };

/** The same questions to the library and to the verifier, which share no code. */
export async function bothPrograms(about: Case): Promise<[library: Opinions, verifier: Opinions]> {
  return [await library(about), verifier(about)];
}

async function library({ blobs, mission, rooms }: Case): Promise<Opinions> {
  const above = missionReplica(nodeEngine);
  await above.audit(inOrder(mission));
  const opinions: Opinions = { mission: opinionOf(above) };
  for (const [cid, commits] of rooms) {
    const room = roomReplica(nodeEngine, above, cid);
    for (let before = -1; before < room.size;) {
      before = room.size;
      await room.audit(inOrder(commits), blobs);
    }
    opinions[cid] = opinionOf(room);
  }
  return opinions;
}

function inOrder(commits: readonly Commit[]): Commit[] {
  return commits.toSorted((a, b) => a.envelope.l - b.envelope.l || (a.sid < b.sid ? -1 : 1));
}

function opinionOf<S extends SwarmState>(replica: Replica<S>): Opinion {
  if (replica.size === 0) return nothing;
  const view = replica.view();
  return {
    held: [...replica.commits()].map(({ sid }) => sid).sort(),
    tree: toB64u(replica.swarm.tree(view).th),
    hidden: replica
      .order()
      .hidden.map(({ op, reason }) => `${op.envelope.k} ${op.sid} ${reason}`)
      .sort(),
    isFrozen: view.state.isFrozen,
  };
}

function verifier({ blobs, mission, rooms }: Case): Opinions {
  const trees = new Trees();
  const commits = read(mission);
  const genesis = commits[0] as Read;
  const above = new MissionCheck(cidOf(genesis.sid), genesis, trees);
  judgeAll({ ...noPack, commits }, above, above.graph.cid, new Faults(), () => undefined);
  const whole = above.swarm.whole();
  const tree = trees.make(missionFiles(whole.state));
  const opinions: Opinions = { mission: said(whole, whole.state.isFrozen, tree.th) };
  const named = new Map(blobs.map((blob) => [toB64u(H('blob', blob)), blob]));
  for (const [cid, list] of rooms) {
    const told = read(list);
    const room = new RoomCheck(cid, told[0] as Read, above, trees, (hash) => named.get(hash));
    judgeAll({ ...noPack, commits: told }, room, cid, new Faults(), () => undefined);
    const end = room.whole();
    const isThere = room.graph.ops.length > 0;
    opinions[cid] = isThere ? said(end, end.state.isFrozen, room.treeOf(end.state).th) : nothing;
  }
  return opinions;
}

/** Commits that come from no bundle. */
const noPack: Loaded = {
  bundle: { refs: new Map(), objects: [] },
  commits: [],
  count: 0,
  blobs: new Map(),
};

function read(commits: readonly Commit[]): Read[] {
  return parentsFirst(commits.map(({ raw }) => readCommit(raw)));
}

function said<S>(view: Resolution<S>, isFrozen: boolean, th: Uint8Array): Opinion {
  const { ops } = view.swarm.graph;
  return {
    held: ops.map(({ sid }) => sid).sort(),
    tree: toB64u(th),
    hidden: ops
      .flatMap((op) => {
        const reason = view.reason(op);
        return reason === undefined ? [] : [`${op.k} ${op.sid} ${reason}`];
      })
      .sort(),
    isFrozen,
  };
}
