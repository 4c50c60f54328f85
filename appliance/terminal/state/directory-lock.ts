import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { Stop, systemCode } from '../stop.ts';
import { removeDurably, writeDurably } from './durable.ts';

/**
 * The right to be the one process of a state directory: two would fork the device's history
 * (SWARM §9.6). A socket name that the system gives to one process, and takes back however that
 * ends; and a file with the process, for people and for other network namespaces.
 */
export class DirectoryLock {
  readonly #root: string;
  readonly #file: string;
  #name: Server | undefined;

  constructor(root: string) {
    this.#root = root;
    this.#file = join(root, 'lock');
  }

  /** Throws a `Stop` that names the process that has it. */
  async take(): Promise<void> {
    if (this.#name) return;
    const name = await takeName(this.#root);
    const holder = await livingHolder(this.#file);
    if (!name || holder !== undefined) {
      name?.close();
      const who = holder === undefined ? '' : ` (process ${holder})`;
      throw new Stop(
        `Another Parley client${who} uses the state directory ${this.#root}. Stop it, or name another one with --state DIR.`,
      );
    }
    await writeDurably(this.#file, Buffer.from(`${process.pid} ${await startTime(process.pid)}\n`));
    this.#name = name;
  }

  /** Gives it back. Idempotent. */
  async leave(): Promise<void> {
    const name = this.#name;
    if (!name) return;
    this.#name = undefined;
    await removeDurably(this.#file);
    name.close();
    await once(name, 'close');
  }
}

/** A name in Linux's abstract socket namespace (unix(7)); undefined if it is taken. */
async function takeName(root: string): Promise<Server | undefined> {
  // Not the path: one directory may have several.
  const { dev, ino } = await stat(root);
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen(`\0parley-client-${dev}-${ino}`);
    await once(server, 'listening');
  } catch (error) {
    if (systemCode(error) === 'EADDRINUSE') return undefined;
    throw error;
  }
  server.unref();
  return server;
}

/** The process in the file, if it lives; known by its start time too, since ids are used again. */
async function livingHolder(file: string): Promise<number | undefined> {
  const [id = '', started] = (await readFile(file, 'utf8').catch(() => '')).trim().split(' ');
  const pid = Number(id);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const now = await startTime(pid);
  return now !== '' && now === started ? pid : undefined;
}

/** Clock ticks after boot at which the process began (proc(5), field 22); '' if it does not live. */
async function startTime(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field may hold spaces and brackets; the last bracket ends it.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  // A zombie holds nothing any more; only its parent has not looked yet.
  return fields[0] === 'Z' ? '' : (fields[19] ?? '');
}
