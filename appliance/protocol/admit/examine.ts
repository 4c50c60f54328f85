import { verifyBlob } from '../crypto/verify-strict.ts';
import type { Commit } from '../codec/commit-form.ts';
import type { Node } from '../pack/node.ts';
import { decisions } from '../state/kinds/table.ts';
import type { Author, Op } from '../state/op.ts';
import { isByKey } from '../state/resolve/excluded.ts';
import { subjectsOf } from '../state/resolve/subjects.ts';
import type { SwarmState } from '../state/swarm-state.ts';
import { accepted, refused, type Parsed, type Verdict } from '../verdict.ts';
import { authorOf } from './law.ts';
import { isTree, type Subject, type Swarm } from './swarm.ts';
import type { View } from './view.ts';

/**
 * How much to check: a peer's commit everything, one from the own disk no signatures, a draft neither
 * tree. One from a record is checked like a peer's, but taken in even if it would be withheld.
 */
export type Trust = 'peer' | 'record' | 'disk' | 'draft';

/** Whether nobody whom we believe has checked the signatures. */
export function isStrange(trust: Trust): boolean {
  return trust === 'peer' || trust === 'record';
}

/** A commit that passed, with the view after it. */
export interface Examined<S extends SwarmState> {
  op: Op;
  after: View<S>;
  tree: Node;
}

/** What a commit needs that is not in the graph. */
export interface Needs {
  parents: readonly Op[];
  /** Mission commits named in `mh`. */
  mission: readonly Op[];
  /** Sealed blob of a profile, if it is one. */
  blob: Node | undefined;
}

/** R1–R4, R18 as far as bytes go: the form is checked by `parseCommit`, here the signature. */
export async function checkSignature<S extends SwarmState>(
  { engine }: Swarm<S>,
  { payload, signature }: Commit,
): Promise<Verdict> {
  const isValid = await verifyBlob(engine, 'git', signature.key, payload, signature.bytes);
  return isValid ? accepted : refused('R4', 'the signature does not verify');
}

/** The order of checking of §8.4 for one commit below the genesis, R7 to R33. */
export async function examine<S extends SwarmState>(
  swarm: Swarm<S>,
  cid: string,
  commit: Subject,
  needs: Needs,
  trust: Trust,
): Promise<Parsed<Examined<S>>> {
  if (commit.envelope.cid !== cid) return refused('R7', 'the commit belongs to another swarm');
  const linked = checkLinks(swarm, commit, needs);
  if (!linked.ok) return linked;
  const form = argumentsOf(swarm, commit, needs.blob);
  if (!form.ok) return form;
  const placed = place(swarm, commit, needs, form.value);
  if (!placed.ok) return placed;
  const candidate = placed.value;
  const before = swarm.view(candidate, candidate.mission);
  const author = findAuthor(swarm, candidate, before);
  if (author === undefined) return refused('R16', 'the device has no certificate here');
  return judge(swarm, cid, commit, { ...candidate, author: author.value }, before, author, trust);
}

async function judge<S extends SwarmState>(
  swarm: Swarm<S>,
  cid: string,
  commit: Subject,
  candidate: Op,
  before: View<S>,
  author: { introducesItself: boolean },
  trust: Trust,
): Promise<Parsed<Examined<S>>> {
  const { law } = swarm;
  const { e, k } = candidate.envelope;
  const written = law.generation(before.state, k === 'msg' ? e : undefined);
  const generation = Math.max(candidate.previous?.generation ?? 0, written);
  const scene = swarm.scene(cid, { ...candidate, generation }, before);
  const permitted = law.permit(scene, author.introducesItself);
  if (!permitted.ok) return permitted;
  const attached = checkParents(swarm, candidate, before);
  if (!attached.ok) return attached;
  const kind = law.kinds.get(k);
  const ruled = kind?.check(scene, candidate.x) ?? law.checkContent(scene, commit.sealed);
  if (!ruled.ok) return ruled;
  if (isStrange(trust) && kind?.prove !== undefined) {
    const proven = await kind.prove(swarm.engine, scene, candidate.x);
    if (!proven.ok) return proven;
  }
  const tally = kind?.tally?.(scene, candidate.x);
  const isByGrant = k === 'vote' && law.votesByGrant(scene);
  const op: Op = { ...scene.op, ...(tally && { tally }), ...(isByGrant && { isByGrant }) };
  const after = swarm.after(before, op);
  const tree = swarm.tree(after);
  if (trust !== 'draft' && !isTree(tree, commit)) return refused('R12', 'the tree is another');
  return { ok: true, value: { op, after, tree } };
}

/** R8, R10, R11. */
function checkLinks<S extends SwarmState>(
  { graph }: Swarm<S>,
  { envelope }: Subject,
  { parents }: Needs,
): Verdict {
  if (parents.some((op, i) => op.sid !== envelope.ps[i])) {
    return refused('R11', 'ps names another commit than the parent header');
  }
  const height = 1 + Math.max(...parents.map((op) => op.envelope.l));
  if (envelope.l !== height) return refused('R10', 'the height is wrong');
  if (graph.maximal(parents).length !== parents.length) {
    return refused('R8', 'a parent is before another');
  }
  return accepted;
}

function argumentsOf<S extends SwarmState>(
  { law }: Swarm<S>,
  { envelope }: Subject,
  blob: Node | undefined,
): Parsed<unknown> {
  const { k, x } = envelope;
  if (k === 'msg') return { ok: true, value: undefined };
  const kind = law.kinds.get(k);
  if (kind === undefined) return refused('R5', 'an unknown control kind');
  if (kind.shape === undefined) {
    return x === undefined ? { ok: true, value: undefined } : refused('R5', 'this kind has no x');
  }
  if (!kind.shape(x)) return refused('R5', 'x has a bad form');
  return { ok: true, value: k === 'profile' ? { ...x, blob } : x };
}

/** Where the commit stands: R9, R13 with M4, M2. */
function place<S extends SwarmState>(
  swarm: Swarm<S>,
  { envelope, oid, sid }: Subject,
  { mission, parents }: Needs,
  x: unknown,
): Parsed<Op> {
  const { graph } = swarm;
  const device = graph.deviceNumber(envelope.d);
  const causes = graph.causes(parents);
  if (causes.forks.has(device)) return refused('R13', 'the device contradicted itself');
  const tip = causes.tips[device] ?? 0;
  const previous = tip === 0 ? undefined : graph.ops[tip - 1];
  if ((previous?.sid ?? undefined) !== envelope.pq) {
    return refused('R9', "the device's own last commit in the past is another");
  }
  if (envelope.q !== (previous === undefined ? 0 : previous.envelope.q + 1)) {
    return refused('R9', 'the sequence number is not the next');
  }
  const heads = missionHeads(swarm, parents, mission);
  if (!heads.ok) return heads;
  if (hasForkedAbove(swarm, envelope.d, heads.value)) {
    return refused('R13', 'the device contradicted itself in the mission');
  }
  const learned = previous === undefined || !isSame(previous.mission, heads.value);
  const op: Op = {
    index: -1,
    sid,
    oid,
    envelope,
    device,
    parents,
    ...(previous && { previous }),
    tips: causes.tips,
    forks: causes.forks,
    significant: envelope.k !== 'msg' || (swarm.mission !== undefined && learned),
    frontier: causes.frontier,
    mission: heads.value,
    x,
    author: { device: envelope.d, member: '', party: '' },
    generation: 0,
  };
  return { ok: true, value: op };
}

/**
 * M4, R13: whether what a commit knows of the mission proves that its device contradicted itself
 * there. A stolen or dishonest key found out in the mission is believed nowhere any more.
 */
export function hasForkedAbove<S extends SwarmState>(
  { mission }: Swarm<S>,
  device: string,
  heads: readonly Op[],
): boolean {
  const { graph } = mission ?? {};
  return graph?.causes(heads).forks.has(graph.deviceNumber(device)) ?? false;
}

/** M(c) as its maximal commits (M2). */
function missionHeads<S extends SwarmState>(
  { mission }: Swarm<S>,
  parents: readonly Op[],
  named: readonly Op[],
): Parsed<readonly Op[]> {
  if (mission === undefined) {
    return named.length === 0 ? { ok: true, value: [] } : refused('M1', 'mh in the mission itself');
  }
  const { graph } = mission;
  if (graph.maximal(named).length !== named.length) return refused('M2', 'mh is not maximal');
  const inherited = inheritedHeads(graph, parents);
  if (named.some((op) => graph.within(inherited, op))) {
    return refused('M2', 'mh names what the parents know already');
  }
  if (named.length === 0) return { ok: true, value: inherited };
  return { ok: true, value: graph.maximal([...inherited, ...named]) };
}

/** What the parents know of the mission. */
export function inheritedHeads(
  graph: { maximal(ops: readonly Op[]): readonly Op[] },
  parents: readonly Op[],
): readonly Op[] {
  const first = parents[0]?.mission ?? [];
  const isOne = parents.every((parent) => isSame(parent.mission, first));
  return isOne ? first : graph.maximal(parents.flatMap((parent) => parent.mission));
}

function isSame(a: readonly Op[], b: readonly Op[]): boolean {
  return a === b || (a.length === b.length && a.every((op) => b.includes(op)));
}

/** R16: the chain of certificates, in the past or introduced by the commit itself. */
function findAuthor<S extends SwarmState>(
  { law }: Swarm<S>,
  { envelope, x }: Op,
  { mission }: View<S>,
): { value: Author; introducesItself: boolean } | undefined {
  const known = authorOf(mission, envelope.d);
  if (known !== undefined) return { value: known, introducesItself: false };
  const introduced = law.kinds.get(envelope.k)?.introduces?.(x, mission);
  if (introduced?.device !== envelope.d) return undefined;
  return { value: introduced, introducesItself: true };
}

/** R14 with V8: nobody who knows of a removal builds directly on later work of the removed. */
function checkParents<S extends SwarmState>(
  swarm: Swarm<S>,
  candidate: Op,
  before: View<S>,
): Verdict {
  const attaches = candidate.parents.every((parent) => {
    if (decisions.has(parent.envelope.k) || !isRemoved(before, parent.author)) return true;
    // Who left and comes back by the join key stands on the own chain; the banned are refused later.
    if (isByKey(candidate) && parent.author.member === candidate.author.member) return true;
    return !swarm.bars(before, candidate, candidate.mission)(parent);
  });
  return attaches ? accepted : refused('R14', 'a parent is by somebody known to be removed');
}

/** Whether a removal ever was about the author; if not, nothing of theirs can be hidden by one. */
export function isRemoved<S extends SwarmState>(
  { mission, state }: View<S>,
  author: Author,
): boolean {
  const keys = subjectsOf(author);
  return keys.some((key) => state.removals.has(key) || mission.removals.has(key));
}
