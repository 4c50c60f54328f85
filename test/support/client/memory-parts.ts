import type { FilePlatform, PartStore } from '#client/files/ports.ts';
import { nodeFiles } from '../../../appliance/terminal/platform/node-files.ts';

/** Parts of files in memory, as a disk that a test can look at, spoil or fill. */
export class MemoryParts implements PartStore {
  readonly disk = new Map<string, Map<number, Uint8Array>>();
  /** Set by a test: writes reject from then on, as on a full disk. */
  isFull = false;

  write(file: string, index: number, bytes: Uint8Array): Promise<void> {
    if (this.isFull) return Promise.reject(new Error('the disk is full'));
    const parts = this.disk.get(file) ?? new Map<number, Uint8Array>();
    parts.set(index, Uint8Array.from(bytes));
    this.disk.set(file, parts);
    return Promise.resolve();
  }

  read(file: string, index: number): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.disk.get(file)?.get(index));
  }

  count(file: string): Promise<number> {
    let count = 0;
    while (this.disk.get(file)?.has(count)) count += 1;
    return Promise.resolve(count);
  }

  files(): Promise<readonly string[]> {
    return Promise.resolve([...this.disk.keys()]);
  }

  remove(file: string): Promise<void> {
    this.disk.delete(file);
    return Promise.resolve();
  }
}

/** What Node lends to files, but whole files as bytes that a test can compare. */
export function memoryFiles(parts: PartStore): FilePlatform {
  return {
    ...nodeFiles(parts),
    async whole(pieces) {
      const all: Uint8Array[] = [];
      for await (const piece of pieces) all.push(piece);
      return new Uint8Array(Buffer.concat(all));
    },
  };
}
