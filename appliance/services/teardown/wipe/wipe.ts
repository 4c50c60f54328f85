import { open, readdir, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { syncDirectory, writeDurably } from '#kernel/durable-file.ts';
import type { DurableRecord } from '#kernel/durable-record.ts';
import { systemCode } from '#kernel/refusal.ts';
import type { Signer } from '#protocol/crypto/sign.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { erasureMessage, erasureText, readErasure } from '#protocol/export/erasure.ts';
import { certificateName, readCertificate } from './certificate.ts';
import { journalName, type Journal } from './journal.ts';

/** What a wipe works on. */
export interface WipeDeps {
  /** Absolute path of the data directory, and of something below it. */
  root: string;
  path(below: string): string;
  journal: DurableRecord<Journal>;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Names on the top of the data directory that are not the mission's. */
const own = new RegExp(
  `^(lost\\+found|lock(\\..*)?|${journalName.replace('.', '\\.')}|${certificateName.replace('.', '\\.')})$`,
);
const full = new Set(['ENOSPC', 'EDQUOT']);
/** Below the data directory; the largest file of a mission that has ended. */
const recordPath = 'mission/record/record.tar';
/** As many stray files as a certificate can name. */
const mostUnseen = 1024;

/**
 * Goes on from where the journal stands until the certificate is on the disk. Every step may be
 * interrupted and done again: what is gone is gone, what was counted stays counted.
 */
export async function erase(
  deps: WipeDeps,
  journal: Journal,
  signer: Signer,
  signal: AbortSignal,
): Promise<void> {
  let at = journal;
  if (at.step === 'decided') {
    const erased: NonNullable<Journal['erased']> = [];
    for (const path of at.paths) erased.push([path, ...(await countBelow(deps, path, at.paths))]);
    at = { ...at, step: 'wiping', erased };
    await note(deps, at);
  }
  if (at.step !== 'wiping') return;
  for (const path of at.paths) {
    signal.throwIfAborted();
    await removeTree(deps.path(path));
  }
  await removeDrafts(deps);
  await certify(deps, at, signer);
  await deps.journal.write({ ...at, step: 'farewell' });
}

/**
 * Writes down where the wipe is. On a disk that is full the record makes room, which was counted and
 * is the first thing that nobody needs any more: else the box could neither serve nor wipe.
 */
async function note({ journal, path }: WipeDeps, at: Journal): Promise<void> {
  try {
    await journal.write(at);
  } catch (error) {
    if (!full.has(systemCode(error))) throw error;
    await removeTree(path(recordPath));
    await journal.write(at);
  }
}

/** Removes the keys, then the journal. The box has no identity any more when it resolves. */
export async function forget(deps: WipeDeps, journal: Journal): Promise<void> {
  if (journal.step !== 'keys') await deps.journal.write({ ...journal, step: 'keys' });
  for (const secret of journal.secrets) {
    await overwriteBelow(deps.path(secret));
    await removeTree(deps.path(secret));
  }
  await removeDrafts(deps);
  await deps.journal.remove();
}

/** Signs what was done, once: a certificate that is there already stays as it is. */
async function certify(deps: WipeDeps, journal: Journal, signer: Signer): Promise<void> {
  const { findings, erased = [] } = journal;
  const known = await readCertificate(deps.path);
  const parsed = known && readErasure(known);
  if (parsed?.ok && parsed.value.c.cid === findings.cid) return;
  const c = {
    ...findings,
    erased,
    medium: 'files' as const,
    method: 'removed' as const,
    t: 'erased' as const,
    unseen: await findUnseen(deps, journal.secrets),
    v: 1 as const,
    when: Math.floor(deps.now() / 1000),
  };
  const s = toB64u(await signer.sign('parley-box-v1', erasureMessage(c)));
  const erasure = { bk: toB64u(signer.publicKey), c, s };
  await writeDurably(deps.path(certificateName), utf8(erasureText(erasure)));
}

/** Reads back: what is still there and is neither the box's own nor a key that goes next. */
async function findUnseen({ root }: WipeDeps, secrets: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(root)) {
    if (own.test(name) || secrets.includes(name)) continue;
    const files = await filesBelow(join(root, name));
    found.push(...(files.length > 0 ? files.map((file) => relative(root, file)) : [name]));
  }
  const readable = found.map((name) => name.replace(/[^ -~]/g, '?').slice(0, 512));
  return [...new Set(readable)].sort().slice(0, mostUnseen);
}

/** Files and bytes below a path that no other path of the plan counts. */
async function countBelow(
  { path }: WipeDeps,
  at: string,
  paths: readonly string[],
): Promise<[entries: number, bytes: number]> {
  const others = paths.filter((other) => other.startsWith(`${at}/`)).map((other) => path(other));
  let entries = 0;
  let bytes = 0;
  for (const file of await filesBelow(path(at))) {
    if (others.some((other) => file === other || file.startsWith(`${other}/`))) continue;
    entries += 1;
    bytes += (await stat(file)).size;
  }
  return [entries, bytes];
}

async function filesBelow(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Gone for good when it resolves; also when it was not there. */
async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  try {
    await syncDirectory(dirname(path));
  } catch (error) {
    // The directory that it lay in went with an earlier path.
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

/** What a power cut left of a journal or a certificate that was being written. */
async function removeDrafts({ root }: WipeDeps): Promise<void> {
  for (const name of await readdir(root)) {
    const isDraft =
      name.endsWith('.tmp') && (name.startsWith(journalName) || name.startsWith(certificateName));
    if (isDraft) await unlink(join(root, name));
  }
  await syncDirectory(root);
}

/**
 * Zeros over every file, on the disk before it goes. On a medium that writes elsewhere, such as
 * flash, old bytes may stay: the certificate claims no more than that files were removed.
 */
async function overwriteBelow(path: string): Promise<void> {
  for (const name of await filesBelow(path)) {
    const file = await open(name, 'r+');
    try {
      const { size } = await file.stat();
      await file.write(new Uint8Array(size), 0, size, 0);
      await file.sync();
    } finally {
      await file.close();
    }
  }
}
