import { equal } from '../codec/bytes.ts';
import type { Commit } from '../codec/commit-form.ts';
import { checkGenesis, genesisObject, isGenesisArguments } from '../mission/genesis.ts';
import type { Node } from '../pack/node.ts';
import { childGenesisShape, checkChildGenesis } from '../state/kinds/child-genesis.ts';
import type { ChildState } from '../state/child-state.ts';
import { isDeviceEffective, type MissionState } from '../state/mission-state.ts';
import type { Op } from '../state/op.ts';
import type { SwarmState } from '../state/swarm-state.ts';
import { refused, type Parsed } from '../verdict.ts';
import { hasForkedAbove, isStrange, type Examined, type Trust } from './examine.ts';
import { authorOf } from './law.ts';
import { isTree, type Subject, type Swarm } from './swarm.ts';
import { missionTree } from '../state/mission-tree.ts';
import { missionGenesisState } from '../state/kinds/mission-genesis.ts';
import type { GenesisArguments } from '../mission/genesis.ts';

/** T(state) of a mission that is just founded: what `genesisObject` needs. */
export function genesisTree(x: GenesisArguments): Node {
  return missionTree(missionGenesisState(x));
}

/** R20 and F4: the mission's genesis is, byte for byte, the function of its founding. */
export async function examineMissionGenesis(
  swarm: Swarm<MissionState>,
  commit: Commit,
  trust: Trust,
): Promise<Parsed<Examined<MissionState>>> {
  const { x } = commit.envelope;
  if (!isGenesisArguments(x)) return refused('R20', 'the genesis has a bad form');
  if (isStrange(trust)) {
    const verdict = await checkGenesis(swarm.engine, x);
    if (!verdict.ok) return verdict;
  }
  const tree = genesisTree(x);
  if (!isTree(tree, commit)) return refused('R12', 'the tree is another');
  if (!equal(genesisObject(x, { oid: tree.object.oid, th: tree.th }), commit.raw)) {
    return refused('F4', 'the genesis is not the function of its founding');
  }
  const op = genesisOp(swarm, commit, [], x);
  return { ok: true, value: { op, after: swarm.begun(op), tree } };
}

/** R20 and M2: a conversation is begun by one of its founders, all of whom the mission has. */
export function examineChildGenesis(
  swarm: Swarm<ChildState>,
  missionCid: string,
  commit: Subject,
  heads: readonly Op[],
  trust: Trust,
): Parsed<Examined<ChildState>> {
  const { x, mh } = commit.envelope;
  const { mission } = swarm;
  if (mission === undefined) return refused('R7', 'a conversation needs its mission');
  if (mh === undefined)
    return refused('M2', 'a conversation begins with what it knows of the mission');
  if (mission.graph.maximal(heads).length !== heads.length)
    return refused('M2', 'mh is not maximal');
  if (!childGenesisShape(x)) return refused('R20', 'the genesis has a bad form');
  const above = mission.viewOf(heads, []).state;
  const { d } = commit.envelope;
  const author = authorOf(above, d);
  if (author === undefined) return refused('R16', 'the device has no certificate in the mission');
  if (!isDeviceEffective(above, d)) return refused('R17', 'the mission removed the author');
  if (hasForkedAbove(swarm, d, heads)) {
    return refused('R13', 'the device contradicted itself in the mission');
  }
  if (above.closed.length > 0) return refused('R15', 'the mission is closed');
  const op: Op = { ...genesisOp(swarm, commit, heads, x), author };
  const verdict = checkChildGenesis({ op, mission: above }, x, missionCid);
  if (!verdict.ok) return verdict;
  const after = swarm.begun(op);
  const tree = swarm.tree(after);
  if (trust !== 'draft' && !isTree(tree, commit)) return refused('R12', 'the tree is another');
  return { ok: true, value: { op, after, tree } };
}

function genesisOp<S extends SwarmState>(
  { graph }: Swarm<S>,
  { envelope, oid, sid }: Subject,
  mission: readonly Op[],
  x: unknown,
): Op {
  return {
    index: -1,
    sid,
    oid,
    envelope,
    device: graph.deviceNumber(envelope.d),
    parents: [],
    ...graph.causes([]),
    significant: true,
    mission,
    x,
    author: { device: envelope.d, member: '', party: '' },
    generation: 0,
  };
}
