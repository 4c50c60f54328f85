import { open, readFile, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDirectoryDurably, syncDirectory } from '#kernel/durable-file.ts';
import { systemCode } from '#kernel/refusal.ts';

const LINE = /^([0-9a-f]{128}) ([a-z2-7]{52})$/;

/**
 * Which party a file counts for: a line for each, added before the file is there, so
 * that no file ever counts for nobody. Lines of files that never came are harmless.
 */
export class Owners {
  readonly #path: string;
  readonly #parties = new Map<string, string>();

  constructor(path: string) {
    this.#path = path;
  }

  /** Reads what is on the disk; a line that a power cut tore off is cut away. */
  async load(): Promise<void> {
    this.#parties.clear();
    const text = await readFile(this.#path, 'latin1').catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return;
    const whole = text.lastIndexOf('\n') + 1;
    if (whole < text.length) await truncate(this.#path, whole);
    for (const line of text.slice(0, whole).split('\n')) {
      const [, address, party] = LINE.exec(line) ?? [];
      if (address !== undefined && party !== undefined) this.#parties.set(address, party);
    }
  }

  of(address: string): string | undefined {
    return this.#parties.get(address);
  }

  /** Resolves when the line is on the disk. */
  async add(address: string, party: string): Promise<void> {
    await makeDirectoryDurably(dirname(this.#path));
    const file = await open(this.#path, 'a', 0o600);
    try {
      await file.writeFile(`${address} ${party}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
    if (this.#parties.size === 0) await syncDirectory(dirname(this.#path));
    this.#parties.set(address, party);
  }
}
