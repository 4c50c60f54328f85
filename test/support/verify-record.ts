import { parseCommit } from '#protocol/codec/commit.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { manifestBytes, readManifest } from '#protocol/export/manifest.ts';
import { merkleRoot } from '#protocol/export/merkle.ts';
import { paths } from '#protocol/export/paths.ts';
import { readBundle } from '#protocol/export/read-bundle.ts';
import { refsOf } from '#protocol/export/refs.ts';
import { planRecord } from '#protocol/export/write-record.ts';
import { accountOf, type Account } from '../../provisioning/verify/report/account.ts';
import { checkRecord } from '../../provisioning/verify/record/check.ts';
import { memoryBytes } from '../../provisioning/verify/record/bytes.ts';
import { attempt } from '../../provisioning/verify/refusal.ts';
import { bentBundle, objectsOf } from './bent-record.ts';
import { PaperBox } from './paper-box.ts';
import { seededEngine } from './protocol-ports.ts';
import { written } from './record.ts';
import type { SimDevice } from './swarm-simulator/device.ts';
import { packed, unpacked } from './ustar.ts';

/** What the verifier says about a record in memory; a sentence if it is none. */
export function verified(bytes: Uint8Array): Account | string {
  const made = attempt(() => accountOf(checkRecord(memoryBytes(bytes), () => undefined)));
  return 'value' in made ? made.value : made.refusal.message;
}

/** Rules by which something does not hold; the sentence if it is no record at all. */
export function brokenRules(bytes: Uint8Array): string[] {
  const account = verified(bytes);
  return typeof account === 'string' ? [account] : account.faults.map(({ rule }) => rule);
}

/** The record that a box would give out which heard these devices, closed or not. */
export async function recordHeardFrom(...devices: readonly SimDevice[]): Promise<Uint8Array> {
  const box = new PaperBox(seededEngine('box'));
  for (const device of devices) await box.hear(device);
  const { mission, receipts, swarms } = box;
  const cid = mission.cid as string;
  const file = (): never => {
    throw new Error('there are no files');
  };
  return written(await planRecord({ cid, swarms, files: [], file, receipts }));
}

/** The record with more commits in one bundle, every sum, ref and root made to fit by a liar. */
export async function withCommits(
  record: Uint8Array,
  cid: string,
  more: readonly Commit[],
): Promise<Uint8Array> {
  const files = await unpacked(record);
  const content = readBundle(files.get(paths.bundle(cid)) as Uint8Array);
  const manifest = readManifest(files.get(paths.manifest) as Uint8Array);
  if (!content.ok || !manifest.ok) throw new Error('the record is none');
  const raw = [...content.value.commits, ...more.map((commit) => commit.raw)];
  const commits = raw
    .flatMap((one) => {
      const parsed = parseCommit(one);
      return parsed.ok ? [parsed.value] : [];
    })
    .sort((a, b) => a.envelope.l - b.envelope.l || (a.sid < b.sid ? -1 : 1));
  const objects = objectsOf({ ...content.value, commits: commits.map((one) => one.raw) });
  const root = merkleRoot(commits.map(({ sid }) => sid));
  const swarms = manifest.value.swarms.map((row) =>
    row[0] === cid ? [cid, raw.length, root] : row,
  );
  files.set(paths.bundle(cid), bentBundle(refsOf(commits), objects));
  files.set(paths.manifest, manifestBytes({ ...manifest.value, swarms } as never));
  return packed([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}
