import { access, chmod, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { lockDirectory, type DirectoryLock } from './directory-lock.ts';
import { makeDirectoryDurably } from './durable-file.ts';
import { Refusal, systemCode } from './refusal.ts';

/** Where the box keeps everything; one box per directory. */
export interface DataDirectory {
  /** Absolute path, mode 0700. */
  readonly root: string;
  /** Absolute path of something below the root, such as `mission/swarms`. */
  path(below: string): string;
  /** Lets another box use the directory. Idempotent. */
  release(): Promise<void>;
}

/** The directory used without `--data`: `$XDG_STATE_HOME/parley`, else `~/.local/state/parley`. */
export function defaultDataDirectory(stateHome: string | undefined, home = homedir()): string {
  // The XDG base directory specification ignores relative paths.
  const base = stateHome?.startsWith('/') ? stateHome : join(home, '.local', 'state');
  return join(base, 'parley');
}

/**
 * Makes the directory if need be, closes it to other users and locks it.
 * Throws a Refusal when it cannot be used, holds other things or another box uses it.
 */
export async function openDataDirectory(path: string): Promise<DataDirectory> {
  const root = resolve(path);
  let lock: DirectoryLock;
  try {
    await makeDirectoryDurably(root);
    if (await isForeign(root)) {
      const reason = 'it holds other things, and would be closed to everybody else';
      throw notUsable(root, reason);
    }
    await chmod(root, 0o700);
    lock = await lockDirectory(root);
  } catch (error) {
    throw dataRefusal(root, error);
  }
  return {
    root,
    path: (below) => join(root, below),
    release: () => lock.release(),
  };
}

/** What the system said about something below the root, as a Refusal; other errors are ours and stay. */
export function dataRefusal(root: string, error: unknown): unknown {
  const isSystem = error instanceof Error && 'syscall' in error;
  if (error instanceof Refusal || !isSystem) return error;
  return notUsable(root, reasonOf(error), error);
}

/** Somebody's home or /tmp, named by mistake, must not be closed to all others. */
async function isForeign(root: string): Promise<boolean> {
  // A fresh disk has `lost+found`; a box that was killed early has no key yet, and one that has
  // wiped its mission none any more.
  const names = await readdir(root);
  const own = /^(lost\+found|box|(lock|teardown\.json|last-certificate\.json)(\..*)?)$/;
  if (names.every((name) => own.test(name))) return false;
  return access(join(root, 'box', 'box-key.pem')).then(
    () => false,
    () => true,
  );
}

function notUsable(root: string, reason: string, cause?: unknown): Refusal {
  return new Refusal(
    `The data directory ${root} cannot be used: ${reason}. Name another one with --data DIR.`,
    1,
    cause,
  );
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'it belongs to another user',
  EROFS: 'it lies on a file system that is read-only',
  ENOENT: 'it cannot be made there',
  ENOTDIR: 'a part of the path is a file',
  EEXIST: 'it is a file',
  ENOSPC: 'the disk is full',
  EISDIR: 'a directory is where a file of the box belongs',
};

function reasonOf(error: unknown): string {
  const code = systemCode(error);
  return reasons[code] ?? `the system answered ${code}`;
}
