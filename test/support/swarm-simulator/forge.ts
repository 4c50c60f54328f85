import type { Json } from '#protocol/codec/canonical-json.ts';
import type { Commit, CommitDraft, Envelope } from '#protocol/codec/commit-form.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import type { Replica } from '#protocol/admit/replica.ts';
import type { Op } from '#protocol/state/op.ts';
import type { SwarmState } from '#protocol/state/swarm-state.ts';
import type { SimDevice } from './device.ts';

/** What a modified client writes: its own rules are switched off, its signature is real. */
export interface Forgery {
  k: string;
  x?: { [key: string]: Json };
  /** Instead of all heads. */
  parents?: readonly Op[];
  /** Fields of the envelope that are to be other than honest. */
  lie?: Partial<Envelope>;
  /** Fields of the commit itself that are to be other than honest. */
  draft?: Partial<CommitDraft>;
  sealed?: { body: Uint8Array; e: string; pc: string };
}

/** A signed commit that nobody has checked. Tree and place are honest where nothing else is said. */
export async function forge<S extends SwarmState>(
  device: SimDevice,
  replica: Replica<S>,
  { draft, k, lie, parents, sealed, x }: Forgery,
): Promise<Commit> {
  const own = replica.newest(device.keys.dfp);
  const on = (parents ?? replica.heads).toSorted((a, b) => (a.oid < b.oid ? -1 : 1));
  const tree = replica.swarm.tree(replica.view());
  const known = on.flatMap((op) => op.mission);
  const learned = replica
    .missionHeads()
    .filter((op) => !replica.mission?.swarm.graph.within(known, op));
  const envelope: Envelope = {
    v: 1,
    cid: replica.cid as string,
    d: device.keys.dfp,
    q: own === undefined ? 0 : own.envelope.q + 1,
    ...(own && { pq: own.sid }),
    l: 1 + Math.max(0, ...on.map((op) => op.envelope.l)),
    ps: on.map(({ sid }) => sid),
    th: toB64u(tree.th),
    k,
    ...(learned.length > 0 && { mh: learned.map(({ sid }) => sid).sort() }),
    ...(x && { x }),
    ...(sealed && { e: sealed.e, pc: sealed.pc }),
    ...lie,
  };
  return device.sign({
    tree: tree.object.oid,
    parents: on.map(({ oid }) => oid),
    seconds: 1_800_000_000,
    class: k === 'msg' ? 'c' : 'x',
    envelope,
    ...(sealed && { sealed: sealed.body }),
    ...draft,
  });
}

/** The rule that a replica refuses a commit by; `ok`, `parked` or `waits` if it does not. */
export async function verdict<S extends SwarmState>(
  replica: Replica<S>,
  commit: Commit | Uint8Array,
): Promise<string> {
  const answer = await replica.admit([commit]);
  if (answer.no.length > 0) return answer.no[0]?.[1] as string;
  if (answer.parked.length > 0) return 'parked';
  return answer.ok.length > 0 ? 'ok' : 'waits';
}
