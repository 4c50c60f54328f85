import { parseCommit } from '#protocol/codec/commit.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { pushLimits } from '#protocol/pack/limits.ts';
import { scanPack } from '#protocol/pack/scan.ts';
import type { Zlib } from '#protocol/ports.ts';
import type { Parsed } from '#protocol/verdict.ts';

/** What a device has sent, in memory only: nothing of it is believed or stored yet. */
export interface Push {
  commits: readonly Commit[];
  /** Commits without the form of one; the replica names the rule. */
  malformed: readonly Uint8Array[];
  blobs: readonly Uint8Array[];
  /** All objects, inflated. */
  bytes: number;
}

/** Scans a pack under L1 and L2. Trees in it are not needed: they follow from the commits (R12). */
export function readPush(pack: Uint8Array, zlib: Zlib): Parsed<Push> {
  const scanned = scanPack(pack, zlib, pushLimits);
  if (!scanned.ok) return scanned;
  const commits: Commit[] = [];
  const malformed: Uint8Array[] = [];
  const blobs: Uint8Array[] = [];
  let bytes = 0;
  for (const { type, body } of scanned.value) {
    bytes += body.length;
    if (type === 'blob') blobs.push(body);
    if (type !== 'commit') continue;
    const parsed = parseCommit(body);
    if (parsed.ok) commits.push(parsed.value);
    else malformed.push(body);
  }
  return { ok: true, value: { commits, malformed, blobs, bytes } };
}
