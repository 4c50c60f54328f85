import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PartStore } from '#client/files/ports.ts';
import { systemCode } from '../stop.ts';
import { readIfThere, syncDirectory, writeDurably } from './durable.ts';

/** Parts of files, one file each, in a folder a file. Only ciphertext comes here. */
export class DiskParts implements PartStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async write(file: string, index: number, bytes: Uint8Array): Promise<void> {
    const made = await mkdir(this.#folder(file), { recursive: true, mode: 0o700 });
    if (made !== undefined) await syncDirectory(this.#root);
    await writeDurably(this.#part(file, index), bytes);
  }

  read(file: string, index: number): Promise<Uint8Array | undefined> {
    return readIfThere(this.#part(file, index));
  }

  async count(file: string): Promise<number> {
    const names = new Set(await namesIn(this.#folder(file)));
    let count = 0;
    while (names.has(String(count))) count += 1;
    return count;
  }

  async files(): Promise<readonly string[]> {
    const folders = await namesIn(this.#root);
    const held = await Promise.all(folders.map((name) => namesIn(join(this.#root, name))));
    return folders.filter((_, place) => (held[place]?.length ?? 0) > 0);
  }

  async remove(file: string): Promise<void> {
    await rm(this.#folder(file), { recursive: true, force: true });
  }

  /** Names are hashes, made by the engine; whatever else came would be a path. */
  #folder(file: string): string {
    if (!/^[A-Za-z0-9_-]{1,100}$/.test(file)) throw new Error('not the name of a file');
    return join(this.#root, file);
  }

  #part(file: string, index: number): string {
    return join(this.#folder(file), String(index));
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
