import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { removeDurably, writeDurably } from './durable-file.ts';
import { Refusal, systemCode } from './refusal.ts';

/** Held while a box uses a data directory. */
export interface DirectoryLock {
  /** Idempotent. */
  release(): Promise<void>;
}

/**
 * Takes the directory for this process, or throws a Refusal that names the one
 * that has it. Two locks: a socket name that the system gives to one process and
 * takes back however that ends, so nothing is ever stale; and a file with the
 * process id, for people and for boxes in another network namespace, which has
 * its own socket names.
 */
export async function lockDirectory(root: string): Promise<DirectoryLock> {
  const file = join(root, 'lock');
  const guard = await takeName(root);
  const holder = await livingHolder(file);
  if (!guard || holder !== undefined) {
    guard?.close();
    throw inUse(root, holder);
  }
  await writeDurably(file, Buffer.from(`${process.pid} ${(await startTime(process.pid)) ?? ''}\n`));
  let isHeld = true;
  return {
    release: async () => {
      if (!isHeld) return;
      isHeld = false;
      await removeDurably(file);
      guard.close();
      await once(guard, 'close');
    },
  };
}

/** Claims a name in Linux's abstract socket namespace (unix(7)); undefined if it is taken. */
async function takeName(root: string): Promise<Server | undefined> {
  // Not the path: one directory may have several.
  const { dev, ino } = await stat(root);
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen(`\0parley-data-${dev}-${ino}`);
    await once(server, 'listening');
  } catch (error) {
    if (systemCode(error) === 'EADDRINUSE') return undefined;
    throw error;
  }
  server.unref();
  return server;
}

/** The process in the file if it still lives; known by its start time too, since ids are used again. */
async function livingHolder(file: string): Promise<number | undefined> {
  const [id = '', started = ''] = ((await readText(file)) ?? '').split(/\s/);
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

function inUse(root: string, pid: number | undefined): Refusal {
  const who = pid === undefined ? '' : ` (process ${pid})`;
  return new Refusal(
    `Another Parley${who} uses the data directory ${root}. Stop it, or name another one with --data DIR.`,
  );
}
