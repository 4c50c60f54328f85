import { randomBytes } from 'node:crypto';
import * as files from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeDirectoryDurably, syncDirectory } from '#kernel/durable-file.ts';

/** The calls of `node:fs/promises` that the git library asks for. */
export interface GitFiles {
  promises: Record<Call, (...args: never[]) => Promise<unknown>>;
}

type Call =
  | 'readFile'
  | 'writeFile'
  | 'unlink'
  | 'readdir'
  | 'mkdir'
  | 'rmdir'
  | 'stat'
  | 'lstat'
  | 'readlink'
  | 'symlink';

/**
 * The file system lent to the git library, which itself never calls fsync: every file it writes
 * is on the disk, whole, before the write resolves. Drafts lie in `stagingDirectory` (same
 * disk), never beside the target, where git would take a half-written draft for a ref.
 */
export function durableFileSystem(stagingDirectory: string): GitFiles {
  const writeFile = async (path: string, bytes: Uint8Array | string): Promise<void> => {
    const draft = join(stagingDirectory, randomBytes(12).toString('hex'));
    try {
      const file = await files.open(draft, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await files.rename(draft, path);
    } catch (error) {
      await files.unlink(draft).catch(() => {
        // The first error is the one that matters; the draft may not exist.
      });
      throw error;
    }
    await syncDirectory(dirname(path));
  };
  const mkdir = (path: string): Promise<void> => makeDirectoryDurably(path);
  const { readFile, unlink, readdir, rmdir, stat, lstat, readlink, symlink } = files;
  const others = { readFile, unlink, readdir, rmdir, stat, lstat, readlink, symlink };
  return { promises: { ...others, writeFile, mkdir } };
}
