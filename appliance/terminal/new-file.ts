import { open, rename, rm } from 'node:fs/promises';
import { exitCodes, Stop } from './stop.ts';

/**
 * Writes a file that was not there before, wholly or not at all; on disk when it resolves. A `Stop`
 * if there is one of that name.
 */
export async function writeNewFile(
  path: string,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  // Claims the name, so that nothing is written over.
  const claimed = await open(path, 'wx', 0o600).catch((error: unknown) => {
    throw new Stop(`${path} cannot be made: is it there already?`, exitCodes.refused, error);
  });
  await claimed.close();
  const partial = `${path}.part`;
  try {
    const target = await open(partial, 'w', 0o600);
    try {
      for await (const piece of pieces) await target.writeFile(piece);
      await target.sync();
    } finally {
      await target.close();
    }
    await rename(partial, path);
  } catch (error) {
    await Promise.all([rm(partial, { force: true }), rm(path, { force: true })]);
    throw error;
  }
}
