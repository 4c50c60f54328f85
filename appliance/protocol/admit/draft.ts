import { toB64u } from '../codec/text-form.ts';
import type { Json } from '../codec/canonical-json.ts';
import type { CommitDraft, Envelope } from '../codec/commit-form.ts';
import type { Node } from '../pack/node.ts';
import { decisions } from '../state/kinds/table.ts';
import type { Op } from '../state/op.ts';
import type { SwarmState } from '../state/swarm-state.ts';
import type { Parsed } from '../verdict.ts';
import { examine, inheritedHeads, isRemoved } from './examine.ts';
import type { Swarm } from './swarm.ts';

/** What a device wants to write. */
export interface Proposal {
  k: string;
  /** Writing device. */
  d: string;
  /** Claimed time. */
  seconds: number;
  x?: { [key: string]: Json };
  /** Sealed body of a `msg`, with its epoch and commitment. */
  sealed?: { body: Uint8Array; e: string; pc: string };
  /** Epoch and sealed blob of a `profile`. */
  profile?: { blob: Node; e: string };
}

/** What a device knows when it writes. */
export interface Knowledge {
  heads: readonly Op[];
  missionHeads: readonly Op[];
  own: Op | undefined;
}

/** Most parents of a commit, and mission heads named by one (L4, M2). */
const mostParents = 8;

/**
 * A commit on all heads the device knows (§9.5, L7, V8), complete but for its signature,
 * after the same check that others will make.
 */
export async function draftOf<S extends SwarmState>(
  swarm: Swarm<S>,
  cid: string,
  proposal: Proposal,
  known: Knowledge,
): Promise<Parsed<CommitDraft>> {
  const parents = attachable(swarm, known).slice(0, mostParents);
  const sorted = parents.toSorted((a, b) => (a.oid < b.oid ? -1 : 1));
  const learned = newHeads(swarm, sorted, known.missionHeads);
  const envelope: Envelope = {
    ...envelopeOf(proposal),
    cid,
    ...(known.own && { pq: known.own.sid }),
    q: known.own === undefined ? 0 : known.own.envelope.q + 1,
    l: 1 + Math.max(0, ...sorted.map((op) => op.envelope.l)),
    ps: sorted.map((op) => op.sid),
    ...(learned.length > 0 && { mh: learned.map((op) => op.sid).sort() }),
  };
  const subject = {
    oid: '',
    sid: '',
    tree: '',
    parents: sorted.map((op) => op.oid),
    envelope,
    ...(proposal.sealed && { sealed: proposal.sealed.body }),
  };
  const needs = { parents: sorted, mission: learned, blob: proposal.profile?.blob };
  const examined = await examine(swarm, cid, subject, needs, 'draft');
  if (!examined.ok) return examined;
  return { ok: true, value: finish(proposal, envelope, subject.parents, examined.value.tree) };
}

/** A draft with the tree that its effect makes. */
export function finish(
  { k, sealed, seconds }: Proposal,
  envelope: Envelope,
  parents: string[],
  tree: Node,
): CommitDraft {
  return {
    tree: tree.object.oid,
    parents,
    seconds,
    class: k === 'msg' ? 'c' : 'x',
    envelope: { ...envelope, th: toB64u(tree.th) },
    ...(sealed && { sealed: sealed.body }),
  };
}

/** What of the envelope the proposal says; places and hashes follow. */
export function envelopeOf({ d, k, profile, sealed, x }: Proposal): Envelope {
  return {
    v: 1,
    d,
    q: 0,
    l: 1,
    ps: [],
    th: '',
    k,
    ...(x && { x }),
    ...(sealed && { e: sealed.e, pc: sealed.pc }),
    ...(profile && { e: profile.e }),
  };
}

/**
 * Whether there are more heads than one commit can name: what a device would write then might be
 * refused, since its past lacks some of what the device went by. It merges first (§9.5).
 */
export function isScattered<S extends SwarmState>(swarm: Swarm<S>, known: Knowledge): boolean {
  return known.heads.length > mostParents && attachable(swarm, known).length > mostParents;
}

/**
 * All heads; one by somebody removed is replaced by what it stands on, down to what may
 * be attached, but decisions stay (V8). The head that continues the own chain comes first.
 */
function attachable<S extends SwarmState>(
  swarm: Swarm<S>,
  { heads, missionHeads, own }: Knowledge,
): readonly Op[] {
  const { graph } = swarm;
  const set = graph.causes(heads);
  const view = swarm.view(set, missionHeads);
  const bars = swarm.bars(view, set, missionHeads);
  const found = new Set<Op>();
  const queue = [...heads];
  const seen = new Set<Op>(queue);
  for (let op = queue.pop(); op !== undefined; op = queue.pop()) {
    if (decisions.has(op.envelope.k) || !isRemoved(view, op.author) || !bars(op)) {
      found.add(op);
      continue;
    }
    for (const parent of op.parents) {
      if (!seen.has(parent)) queue.push(parent);
      seen.add(parent);
    }
  }
  const candidates = graph.maximal([...found, ...(own ? [own] : [])]);
  const continues = (op: Op) => (own !== undefined && graph.within([op], own) ? 1 : 0);
  const weight = (op: Op) => (op.significant ? 1 : 0);
  return candidates.toSorted(
    (a, b) => continues(b) - continues(a) || weight(b) - weight(a) || b.envelope.l - a.envelope.l,
  );
}

/** Mission heads that the parents do not know of yet (M2). */
function newHeads<S extends SwarmState>(
  { mission }: Swarm<S>,
  parents: readonly Op[],
  missionHeads: readonly Op[],
): readonly Op[] {
  if (mission === undefined) return [];
  const inherited = inheritedHeads(mission.graph, parents);
  return missionHeads.filter((op) => !mission.graph.within(inherited, op)).slice(0, mostParents);
}
