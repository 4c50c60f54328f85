import { randomBytes } from 'node:crypto';
import { access, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from './refusal.ts';

/**
 * Replaces the file at `path` so that a power cut leaves either the old bytes or
 * the new ones, and resolves only when the new ones are on the disk: temporary
 * file in the same directory, fsync, rename, fsync of the directory.
 */
export async function writeDurably(path: string, bytes: Uint8Array, mode = 0o600): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {
      // The first error is the one that matters; the temporary file may not exist.
    });
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Removes the file for good; resolves also when there was none. */
export async function removeDurably(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    return;
  }
  await syncDirectory(dirname(path));
}

/**
 * Makes `path` and its missing parents so that they survive a power cut. Not by
 * Node's `recursive`, which never returns below /proc.
 */
export function makeDirectoryDurably(path: string, mode = 0o700): Promise<void> {
  return makeDirectory(path, mode, false);
}

async function makeDirectory(path: string, mode: number, isSecondTry: boolean): Promise<void> {
  try {
    await mkdir(path, mode);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path) throw error;
    const hasParent = await isThere(parent);
    // Another task may have made it in between; if that was not it, once more fails as well.
    if (hasParent && isSecondTry) throw error;
    if (!hasParent) await makeDirectory(parent, mode, false);
    return makeDirectory(path, mode, hasParent);
  }
  await syncDirectory(dirname(path));
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    // Not reachable is as good as not there: the next mkdir says why.
    return false;
  }
}

/** Puts the names in the directory onto the disk; a rename alone may be lost. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
