import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { HttpReply, HttpRequest } from '#client/ports.ts';
import { openBoxIdentity } from '#kernel/box-identity.ts';
import { systemClock } from '#kernel/clock.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import { toB64u, toHex } from '#protocol/codec/text-form.ts';
import { manifestBytes, readManifest, recordHash } from '#protocol/export/manifest.ts';
import { paths } from '#protocol/export/paths.ts';
import { recordStatement } from '#protocol/export/proposal.ts';
import { packed, unpacked } from '../ustar.ts';
import type { BoxProcess } from '../box-process.ts';

/** A record that somebody with the box's own key proposes. */
export interface SecondRecord {
  bytes: Uint8Array;
  offer: { h: string; r: string; s: string; size: number };
}

/** Another record that holds as well as the first: only its reader is another. */
export async function secondRecord(box: BoxProcess, first: Uint8Array): Promise<SecondRecord> {
  const files = await unpacked(first);
  const read = readManifest(files.get(paths.manifest) as Uint8Array);
  if (!read.ok) throw new Error(read.why);
  const page = utf8('<!doctype html><title>another reader</title>');
  const manifest = manifestBytes({ ...read.value, reader: hashOf(page) });
  files.set(paths.manifest, manifest).set(paths.reader, page);
  const bytes = packed([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { bytes, offer: await offerOf(box, read.value.cid, bytes, recordHash(manifest)) };
}

/** The box's signature under a record, made with the key from its own disk. */
async function offerOf(box: BoxProcess, cid: string, bytes: Uint8Array, r: string) {
  const addresses = { current: () => [], onChange: () => () => undefined };
  const directory = join(box.directory, 'data', 'box');
  const key = await openBoxIdentity(directory, 'parley.local', addresses, systemClock);
  const h = hashOf(bytes);
  const s = toB64u(await key.sign('parley-box-v1', recordStatement({ cid, h, r })));
  return { h, r, s, size: bytes.length };
}

/** Tells one device of the second record, and gives it out. */
export function showing({ bytes, offer }: SecondRecord) {
  return (request: HttpRequest, reply: HttpReply): HttpReply => {
    if (request.path === '/v1/end/state') {
      const told = JSON.parse(new TextDecoder().decode(reply.body)) as { record?: unknown };
      return { ...reply, body: utf8(JSON.stringify({ ...told, record: offer })) };
    }
    if (request.path !== '/v1/end/record') return reply;
    const [, from = '', to = ''] =
      /^bytes=(\d+)-(\d+)$/u.exec(request.headers?.['range'] ?? '') ?? [];
    return { ...reply, status: 206, body: bytes.subarray(Number(from), Number(to) + 1) };
  };
}

function hashOf(bytes: Uint8Array): string {
  return toHex(createHash('sha512').update(bytes).digest());
}
