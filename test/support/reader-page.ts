import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The offline reader, built as the set-up builds it. Bytes of the one file that it is. */
export async function builtReader(): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-reader-'));
  try {
    const vite = resolve('node_modules/vite/bin/vite.js');
    const args = [vite, 'build', 'web/reader', '--outDir', folder];
    await promisify(execFile)(process.execPath, args);
    return await readFile(join(folder, 'reader.html'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
