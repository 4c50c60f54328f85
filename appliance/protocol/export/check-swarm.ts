import type { MissionReplica, RoomReplica } from '../admit/replica.ts';
import { equal } from '../codec/bytes.ts';
import { parseCommit } from '../codec/commit.ts';
import type { Commit } from '../codec/commit-form.ts';
import { sidOf } from '../codec/fingerprint.ts';
import { H } from '../codec/hash.ts';
import { toB64u } from '../codec/text-form.ts';
import type { GitObject } from '../pack/object.ts';
import { bundleOf } from './bundle.ts';
import { called, type Faults } from './faults.ts';
import { merkleRoot } from './merkle.ts';
import { paths } from './paths.ts';
import type { BundleContent } from './read-bundle.ts';
import type { OpenRecord } from './read-record.ts';
import type { RecordBytes } from './record-bytes.ts';
import { inPackOrder } from './refs.ts';

/** Commits that are judged between two moments at which others may run. */
const batchSize = 64;

/** One swarm of a record and what is to become of it. */
export interface SwarmCheck {
  record: OpenRecord;
  cid: string;
  /** Empty; holds what was fine afterwards. */
  replica: MissionReplica | RoomReplica;
  faults: Faults;
  /** Hears of the share of this swarm's commits that is done. */
  onShare(share: number): void | Promise<void>;
}

/**
 * Judges every commit of a swarm as if a stranger had sent it, makes its trees and blobs anew, and
 * compares the bundle byte for byte with the one that follows from the commits.
 */
export async function checkSwarm({
  record,
  cid,
  replica,
  faults,
  onShare,
}: SwarmCheck): Promise<void> {
  const content = await record.swarm(cid);
  if (!content.ok) {
    faults.add('bundle-damaged', `${called(cid)}: ${content.why}`);
    return;
  }
  const commits = inPackOrder(parsed(cid, content.value, faults));
  checkRoot(record, cid, content.value, faults);
  const blobs = profileBlobs(commits, content.value.objects);
  const objects = new Map<string, GitObject>();
  for (let at = 0; at < commits.length; at += batchSize) {
    const batch = commits.slice(at, at + batchSize);
    const answer = await replica.audit(batch, blobsFor(batch, blobs));
    for (const object of answer.objects) objects.set(object.oid, object);
    for (const [sid, rule] of answer.no) {
      faults.add('commit-refused', `${called(cid)}: commit ${short(sid)} breaks rule ${rule}`);
    }
    for (const sid of waiting(batch, replica, answer.no)) {
      faults.add('commit-waits', `${called(cid)}: commit ${short(sid)} rests on what is not there`);
    }
    await onShare(Math.min(1, (at + batchSize) / commits.length));
  }
  if (replica.size !== content.value.commits.length) return;
  const made = await bundleOf({ cid, replica, read: (oid) => Promise.resolve(objects.get(oid)) });
  const held = record.entry(paths.bundle(cid)) as RecordBytes;
  if (!(await isSame(held, made.size, made.pieces()))) {
    faults.add('bundle-differs', `${called(cid)}: the bundle is not what its commits give`);
  }
}

/** Reads the commits; one without form breaks its rule. */
function parsed(cid: string, { commits }: BundleContent, faults: Faults): Commit[] {
  return commits.flatMap((raw) => {
    // A copy: the replica keeps it, and would keep the whole bundle with it.
    const commit = parseCommit(raw.slice());
    if (commit.ok) return commit.value;
    const name = short(sidOf(raw));
    faults.add('commit-refused', `${called(cid)}: commit ${name} breaks rule ${commit.rule}`);
    return [];
  });
}

function checkRoot(
  { manifest }: OpenRecord,
  cid: string,
  { commits }: BundleContent,
  faults: Faults,
): void {
  const [, count, root] = manifest.swarms.find((row) => row[0] === cid) ?? [];
  if (commits.length === count && merkleRoot(commits.map(sidOf)) === root) return;
  faults.add('root-differs', `${called(cid)}: these are not the commits that the manifest names`);
}

/** Sealed profiles by the hash that their commits give. */
function profileBlobs(
  commits: readonly Commit[],
  objects: readonly GitObject[],
): Map<string, Uint8Array> {
  if (!commits.some(({ envelope }) => envelope.k === 'profile')) return new Map();
  const blobs = objects.filter(({ type }) => type === 'blob');
  return new Map(blobs.map(({ body }) => [toB64u(H('blob', body)), body]));
}

function blobsFor(batch: readonly Commit[], blobs: ReadonlyMap<string, Uint8Array>): Uint8Array[] {
  return batch.flatMap(({ envelope }) => {
    const h = envelope.k === 'profile' ? envelope.x?.['h'] : undefined;
    return typeof h === 'string' ? (blobs.get(h) ?? []) : [];
  });
}

/** Commits that are neither in nor refused. */
function waiting(
  batch: readonly Commit[],
  replica: MissionReplica | RoomReplica,
  no: readonly (readonly [string, string])[],
): string[] {
  const refused = new Set(no.map(([sid]) => sid));
  return batch.map(({ sid }) => sid).filter((sid) => !replica.has(sid) && !refused.has(sid));
}

/** Whether bytes are these, piece by piece. */
async function isSame(
  held: RecordBytes,
  size: number,
  pieces: AsyncIterable<Uint8Array>,
): Promise<boolean> {
  if (held.size !== size) return false;
  let at = 0;
  for await (const piece of pieces) {
    if (!equal(await held.read(at, at + piece.length), piece)) return false;
    at += piece.length;
  }
  return at === size;
}

function short(sid: string): string {
  return `${sid.slice(0, 8)}…`;
}
