import { open, readdir, rename, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectoryDurably, syncDirectory } from '#kernel/durable-file.ts';
import { systemCode } from '#kernel/refusal.ts';

const ADDRESS = /^[0-9a-f]{128}$/;

/** Whether a text is an address: SHA-512 of the ciphertext, lower-case hexadecimal. Nothing else ever becomes a path. */
export function isAddress(text: string | undefined): text is string {
  return text !== undefined && ADDRESS.test(text);
}

/** The whole files: `<first two digits>/<address>`. */
export class FileShelf {
  readonly #root: string;
  readonly #sizes = new Map<string, number>();

  /** Absolute path of the directory. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Looks what is on the disk. */
  async load(): Promise<void> {
    this.#sizes.clear();
    for (const folder of await namesIn(this.#root)) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue;
      for (const address of await namesIn(join(this.#root, folder))) {
        if (!isAddress(address)) continue;
        this.#sizes.set(address, (await stat(this.#path(address))).size);
      }
    }
  }

  /** Addresses with sizes in bytes. */
  get sizes(): ReadonlyMap<string, number> {
    return this.#sizes;
  }

  /** Takes a whole file over from `path` on the same disk; it is here or there after a power cut. */
  async put(address: string, path: string, size: number): Promise<void> {
    const folder = join(this.#root, address.slice(0, 2));
    await makeDirectoryDurably(folder);
    await rename(path, this.#path(address));
    await syncDirectory(folder);
    this.#sizes.set(address, size);
  }

  /** Open for reading; the caller closes it. */
  open(address: string): Promise<FileHandle> {
    return open(this.#path(address), 'r');
  }

  #path(address: string): string {
    return join(this.#root, address.slice(0, 2), address);
  }
}

/** Names in a directory; none if it is not there. */
export async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
