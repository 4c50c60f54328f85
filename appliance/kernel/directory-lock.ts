import { randomBytes } from 'node:crypto';
import { link, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { Refusal, systemCode } from './refusal.ts';

/** Held while a box uses a data directory. */
export interface DirectoryLock {
  /** Idempotent; removes the file only if it is still ours. */
  release(): Promise<void>;
}

/**
 * Takes the lock file at `path`. A lock whose process is gone (kill -9, power
 * cut) is taken over; a live one throws a Refusal that names the process.
 * A process is known by its id and its start time, since ids are used again.
 */
export async function acquireLock(path: string): Promise<DirectoryLock> {
  const mine = `${process.pid} ${(await startTime(process.pid)) ?? ''} ${randomBytes(8).toString('hex')}\n`;
  // Complete before it is visible: nobody ever reads a half-written lock.
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, mine, { flag: 'wx', mode: 0o600 });
  try {
    while (!(await takeFree(draft, path))) {
      const found = await readText(path);
      if (found === undefined) continue;
      const holder = await livingHolder(found);
      if (holder !== undefined) throw inUse(path, holder);
      await setAside(path, found);
    }
  } finally {
    await unlink(draft);
  }
  return {
    release: async () => {
      if ((await readText(path)) === mine) await unlink(path);
    },
  };
}

async function takeFree(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a dead lock; if another starter replaced it meanwhile, puts that one back. */
async function setAside(path: string, dead: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readText(aside)) !== dead) await takeFree(aside, path);
  await unlink(aside);
}

async function livingHolder(text: string): Promise<number | undefined> {
  const [id = '', started = ''] = text.split(/\s/);
  const pid = Number(id);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const now = await startTime(pid);
  return now !== undefined && now === started ? pid : undefined;
}

/** Clock ticks after boot at which the process began (proc(5), field 22), if it lives. */
async function startTime(pid: number): Promise<string | undefined> {
  const line = await readText(`/proc/${pid}/stat`);
  // The second field may hold spaces and brackets; the last bracket ends it.
  const fields = line?.slice(line.lastIndexOf(')') + 2).split(' ');
  // A zombie holds nothing any more; only its parent has not looked yet.
  return fields?.[0] === 'Z' ? undefined : fields?.[19];
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    // ESRCH: the process ended between open and read of its /proc file.
    if (['ENOENT', 'ESRCH'].includes(systemCode(error))) return undefined;
    throw error;
  }
}

function inUse(path: string, pid: number): Refusal {
  const directory = path.slice(0, path.lastIndexOf('/'));
  return new Refusal(
    `Another Parley (process ${pid}) uses the data directory ${directory}. Stop it, or name another one with --data DIR.`,
  );
}
