import { sha512 } from '#protocol/codec/digest.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import { toHex } from '#protocol/codec/text-form.ts';
import { sampleRecord } from '../../support/record.ts';
import { unpacked } from '../../support/ustar.ts';

/** The record of the sample mission: its hash, R, and what each of its files hashes to. */
export async function recordVectors(): Promise<unknown> {
  const { bytes, plan } = await sampleRecord(utf8('<!doctype html>\n'));
  const files = [...(await unpacked(bytes))].map(([path, content]) => [
    path,
    content.length,
    toHex(sha512(content)),
  ]);
  return { sha512: toHex(sha512(bytes)), r: plan.r, size: plan.size, files };
}
