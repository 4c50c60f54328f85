import { b64u, byText } from '../bytes/text-form.ts';
import { H } from '../bytes/hash.ts';
import { isCommitSigned, readCommit, type Commit } from '../commit/commit.ts';
import type { Op } from '../graph/op.ts';
import { attempt, must } from '../refusal.ts';
import type { Trees } from '../tree/tree.ts';
import type { Faults } from '../verdict.ts';
import { refsOf, type Bundle } from './bundle.ts';
import type { GitObject } from './pack.ts';

/** What judges the commits of one swarm: the mission's law or a conversation's. */
export interface Judge {
  place(commit: Commit): Op;
  judge(op: Op): void;
  /** Forgets a placed commit. */
  drop(op: Op): void;
}

/** The commits of a bundle whose bytes are right, parents first, and what they weigh. */
export interface Loaded {
  readonly bundle: Bundle;
  readonly commits: readonly Commit[];
  /** Commits in the pack, right or not. */
  readonly count: number;
  /** Profiles by the hash that names them. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
}

/** Reads every commit of a bundle; what has no right form is named and left out. */
export function loadCommits(bundle: Bundle, cid: string, faults: Faults): Loaded {
  const raw = bundle.objects.filter(({ type }) => type === 'commit');
  const commits = raw.flatMap(({ body, oid }) => {
    const made = attempt(() => readCommit(body));
    if ('value' in made) return [made.value];
    faults.add(`commit ${oid} of ${cid}`, made.refusal.rule, made.refusal.message);
    return [];
  });
  const blobs = bundle.objects.filter(({ type }) => type === 'blob');
  return {
    bundle,
    count: raw.length,
    commits: commits.sort((a, b) => a.envelope.l - b.envelope.l || byText(a.sid, b.sid)),
    blobs: new Map(blobs.map(({ body }) => [b64u(H('blob', body)), body])),
  };
}

/** Places and judges every commit; what does not hold is named. Returns how many signatures hold. */
export function judgeAll(
  { commits }: Loaded,
  judge: Judge,
  cid: string,
  faults: Faults,
  tick: () => void,
): number {
  let signatures = 0;
  const say = (commit: Commit, rule: string, why: string): void =>
    faults.add(`commit ${commit.sid} (${commit.envelope.k}) of ${cid}`, rule, why);
  const placed = commits.flatMap((commit) => {
    tick();
    if (isCommitSigned(commit)) signatures++;
    const made = attempt(() => judge.place(commit));
    if ('value' in made) return [made.value];
    say(commit, made.refusal.rule, made.refusal.message);
    return [];
  });
  const refused = new Set<Op>();
  for (const op of placed) {
    tick();
    const made = attempt(() => {
      const isAbove = op.parents.some((parent) => refused.has(parent));
      if (isAbove) judge.drop(op);
      must(!isAbove, 'R8', 'it stands on a commit that does not hold');
      judge.judge(op);
    });
    if ('value' in made) continue;
    refused.add(op);
    say(op.commit, made.refusal.rule, made.refusal.message);
  }
  return signatures;
}

/** Objects of a bundle: in their order, and exactly those its commits need, byte for byte. */
export function checkObjects(
  loaded: Loaded,
  ops: readonly Op[],
  trees: Trees,
  cid: string,
  faults: Faults,
): void {
  const where = `bundle of ${cid}`;
  const { objects, refs } = loaded.bundle;
  const place = new Map(loaded.commits.map(({ oid }, i) => [oid, i]));
  const commits = objects.slice(0, loaded.count);
  const others = objects.slice(loaded.count);
  const isInOrder =
    commits.every(({ oid, type }, i) => type === 'commit' && (place.get(oid) ?? i) === i) &&
    others.every(
      ({ oid, type }, i) =>
        type !== 'commit' && (i === 0 || (others[i - 1] as GitObject).oid < oid),
    );
  if (!isInOrder) faults.add(where, 'bundle', 'its objects are not in their order');
  const expected = refsOf(ops);
  const same =
    expected.size === refs.size && [...expected].every(([name, oid]) => refs.get(name) === oid);
  if (!same) faults.add(where, 'bundle', 'its refs do not follow from its commits');
  const needed = reachable(ops, trees);
  for (const { body, oid, type } of others) {
    const made = trees.objects.get(oid);
    const isRight = needed.delete(oid) && made?.type === type && body.equals(made.body);
    if (!isRight) faults.add(where, 'R12', `the ${type} ${oid} does not follow from its commits`);
  }
  for (const oid of needed) faults.add(where, 'R12', `the object ${oid} is missing`);
}

function reachable(ops: readonly Op[], trees: Trees): Set<string> {
  const found = new Set<string>();
  const walk = (oid: string): void => {
    const object = trees.objects.get(oid);
    if (found.has(oid) || object === undefined) return;
    found.add(oid);
    if (object.type === 'tree') for (const child of trees.children(oid)) walk(child);
  };
  for (const { commit } of ops) walk(commit.tree);
  return found;
}
