import { concat } from '#protocol/codec/bytes.ts';
import { openRecord } from '#protocol/export/read-record.ts';
import { bytesInMemory } from '#protocol/export/record-bytes.ts';
import { manifestBytes, readManifest } from '#protocol/export/manifest.ts';
import { headOf } from '#protocol/export/bundle.ts';
import type { BundleContent } from '#protocol/export/read-bundle.ts';
import { deflateStored } from '#protocol/export/stored-deflate.ts';
import { paths } from '#protocol/export/paths.ts';
import { sha1 } from '#protocol/codec/digest.ts';
import { packEntryHead } from '#protocol/pack/write.ts';
import type { Json } from '#protocol/codec/canonical-json.ts';
import { filePorts } from '../support/files.ts';
import { bendBytes, pick } from '../support/fuzz/bend.ts';
import { bendJson } from '../support/fuzz/bend-json.ts';
import { mustBeSame, type Target } from '../support/fuzz/target.ts';
import { sampleRecord } from '../support/record.ts';
import { packed, unpacked } from '../support/ustar.ts';

let files: ReadonlyMap<string, Uint8Array> = new Map();

/** Records as a box or a stranger hands them out: archive, manifest, and the bundles in it. */
export const target: Target = {
  samples: async () => {
    const { bytes } = await sampleRecord();
    files = await unpacked(bytes);
    return [bytes];
  },
  words: ['ustar\u000000', '# v2 git bundle\n', 'refs/heads/', 'PACK', '0000644\u0000'],
  // One file of the sample is another, and the archive around it right.
  bend: (_input, random) => {
    const path = pick(random, [...files.keys()]);
    const held = files.get(path) as Uint8Array;
    const manifest = path === paths.manifest ? readManifest(held) : undefined;
    const other = manifest?.ok
      ? bentManifest(manifest.value as unknown as Json, random)
      : withSum(bendBytes(held, random, []), path);
    const changed = new Map(files).set(path, other);
    if (random() < 0.05) changed.delete(path);
    return packed(changed);
  },
  read: async (input) => {
    const record = await openRecord(bytesInMemory(input), filePorts.hashes);
    if (!record.ok) return false;
    mustBeSame(packed(await unpacked(input)), input);
    for (const [cid] of record.value.manifest.swarms) {
      const content = await record.value.swarm(cid);
      const held = record.value.entry(paths.bundle(cid));
      if (!content.ok || !held) continue;
      mustBeSame(bundled(content.value), await held.read(0, held.size));
    }
    for (const [path] of files) await record.value.text(path);
    return true;
  },
};

function bentManifest(manifest: Json, random: () => number): Uint8Array {
  const bent = bendJson(manifest, random);
  try {
    return manifestBytes(bent as never);
  } catch {
    // What has no canonical writing goes in as plain JSON.
    return new TextEncoder().encode(JSON.stringify(bent) ?? '');
  }
}

/** A bundle whose sum fits, so that what is before the sum is looked at. */
function withSum(bytes: Uint8Array, path: string): Uint8Array {
  const at = path.endsWith('.bundle') ? bytes.indexOf(0x50) : -1;
  if (at < 0 || bytes.length < at + 32) return bytes;
  const body = bytes.slice(0, -20);
  const start = Buffer.from(body).indexOf('PACK');
  return start < 0 ? bytes : concat(body, sha1(body.subarray(start)));
}

/** What was read of a bundle, as `bundleOf` lays it out. */
function bundled({ commits, objects, refs }: BundleContent): Uint8Array {
  const { bytes, packAt } = headOf(refs, commits.length + objects.length);
  const all = [...commits.map((body) => ({ type: 'commit' as const, body })), ...objects];
  const entries = all.flatMap(({ type, body }) => [
    packEntryHead(type, body.length),
    deflateStored(body),
  ]);
  const whole = concat(bytes, ...entries);
  return concat(whole, sha1(whole.subarray(packAt)));
}
