import { readFile } from 'node:fs/promises';
import type { Caller } from '#kernel/route.ts';
import type { Repositories, Repository } from '../../appliance/services/swarm/repository.ts';
import { SwarmBox } from './swarm-box.ts';

/** What the parent process tells: where, what to push, and at which step the power fails. */
export interface Orders {
  directory: string;
  caller: Caller;
  path: string;
  packFile: string;
  /** Number of the step of the repository before which the process is killed; 0 for never. */
  dieBefore: number;
}

/**
 * A box in a process of its own that pushes one pack and is killed, as by a power cut, before a
 * chosen step of its repository. Steps are counted at the port; the product knows nothing of it.
 */
async function main(file: string): Promise<void> {
  const orders = JSON.parse(await readFile(file, 'utf8')) as Orders;
  let steps = 0;
  let isArmed = false;
  const step = (): void => {
    if (isArmed && ++steps === orders.dieBefore) process.kill(process.pid, 'SIGKILL');
  };
  const around = (real: Repositories): Repositories => ({
    recover: () => real.recover(),
    list: () => real.list(),
    open: async (cid) => fragile(await real.open(cid), step),
  });
  const box = await new SwarmBox(orders.directory, {}, around).start();
  isArmed = true;
  const body = new Uint8Array(await readFile(orders.packFile));
  const answer = await box.doors.ask('POST', orders.path, { caller: orders.caller, body });
  process.stdout.write(`${JSON.stringify(answer.json)}\n`);
  // The power fails right after the answer: nothing may still be on its way to the disk.
  process.kill(process.pid, 'SIGKILL');
}

/** A step before each thing that a repository does, and one after the last. */
function fragile(real: Repository, step: () => void): Repository {
  const after = <T>(work: () => Promise<T>): Promise<T> => {
    step();
    return work();
  };
  return {
    read: (oid) => real.read(oid),
    refs: () => real.refs(),
    write: async (objects) => {
      // One by one, so that the power can fail between two objects of a batch.
      for (const object of objects) await after(() => real.write([object]));
    },
    move: (ref, from, to) => after(() => real.move(ref, from, to)),
    show: async (oid) => {
      await after(() => real.show(oid));
      step();
    },
  };
}

await main(process.argv[2] as string);
