import { promises } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

/**
 * Loaded before the box (`node --import`): counts its steps on the disk and kills it before the one
 * that the address of this module names, as a power cut would. The product knows nothing of it.
 * With `?before=12&from=/mission/record` the first step is the first on such a path.
 */
const { searchParams } = new URL(import.meta.url);
const dieBefore = Number(searchParams.get('before'));
const from = searchParams.get('from') ?? '';
let isArmed = false;
let steps = 0;

function step(path?: unknown): void {
  isArmed ||= typeof path === 'string' && path.includes(from);
  if (isArmed && ++steps === dieBefore) process.kill(process.pid, 'SIGKILL');
}

const real = { ...promises };
type AnyCall = (...args: never[]) => Promise<unknown>;

/** A step before each call. */
function stepping<F extends AnyCall>(call: F): F {
  return ((...args: never[]) => {
    step(args[0]);
    return call(...args);
  }) as F;
}

for (const name of ['rename', 'unlink', 'mkdir', 'truncate'] as const) {
  Object.assign(promises, { [name]: stepping(real[name] as AnyCall) });
}

// Opening changes nothing yet, but says where the next steps will be.
promises.open = (path, ...how) => {
  isArmed ||= typeof path === 'string' && path.includes(from) && how[0] !== 'r';
  return real.open(path, ...how);
};

/** The power may fail in the middle of a directory too. */
promises.rm = async (path, options) => {
  step(path);
  const names = await readdir(path as string, { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  const files = names.filter((entry) => entry.isFile());
  for (const { parentPath, name } of files.slice(0, files.length >> 1)) {
    await real.unlink(join(parentPath, name));
  }
  if (files.length > 1) step();
  await real.rm(path, options);
};

// All handles are of one class, which nothing exports.
const handle = await real.open('/dev/null', 'r');
const prototype = Object.getPrototypeOf(handle) as Record<'sync' | 'datasync' | 'write', AnyCall>;
await handle.close();
for (const name of ['sync', 'datasync'] as const) {
  const call = prototype[name];
  prototype[name] = function (this: unknown, ...args: never[]) {
    step();
    return call.apply(this, args);
  };
}

syncBuiltinESMExports();
