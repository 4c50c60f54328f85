import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Change, Records } from '#client/ports.ts';
import { changeBytes, changesIn } from './change-text.ts';
import { syncDirectory } from './durable.ts';
import { Journal } from './journal.ts';

/** Below this a journal is not worth writing anew. */
const smallBytes = 2 ** 20;
/** How many times as large as what counts a journal may grow. */
const slack = 4;

/** Small records in memory, with a journal on disk: a transaction is one frame. */
export class DiskRecords implements Records {
  readonly #path: string;
  readonly #key: Uint8Array;
  readonly #values = new Map<string, Uint8Array>();
  #journal: Journal;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(path: string, key: Uint8Array) {
    this.#path = path;
    this.#key = key;
    this.#journal = new Journal(path, key);
  }

  async open(): Promise<void> {
    await this.#journal.open((plain) => {
      for (const { key, span } of changesIn(plain)) {
        if (span) this.#values.set(key, plain.slice(span.from, span.to));
        else this.#values.delete(key);
      }
    });
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#journal.close();
  }

  get(key: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.#values.get(key));
  }

  list(prefix: string): Promise<readonly { key: string; value: Uint8Array }[]> {
    const found = [...this.#values].filter(([key]) => key.startsWith(prefix));
    found.sort(([a], [b]) => (a < b ? -1 : 1));
    return Promise.resolve(found.map(([key, value]) => ({ key, value })));
  }

  write(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return Promise.resolve();
    const written = this.#turn.then(() => this.#write(changes));
    this.#turn = written.catch(() => undefined);
    return written;
  }

  async #write(changes: readonly Change[]): Promise<void> {
    await this.#journal.append(changeBytes(changes));
    for (const { key, value } of changes) {
      if (value) this.#values.set(key, value);
      else this.#values.delete(key);
    }
    const live = [...this.#values.values()].reduce((sum, { length }) => sum + length, 0);
    if (this.#journal.size > smallBytes + slack * live) await this.#renew().catch(() => undefined);
  }

  /**
   * Writes what counts into a new journal, which takes the place of the old one in one step. If it
   * cannot, the old one has everything.
   */
  async #renew(): Promise<void> {
    const fresh = `${this.#path}.new`;
    await rm(fresh, { force: true });
    const journal = new Journal(fresh, this.#key);
    await journal.open(() => undefined);
    await journal.append(changeBytes([...this.#values].map(([key, value]) => ({ key, value }))));
    await rename(fresh, this.#path);
    await syncDirectory(dirname(this.#path));
    await this.#journal.close();
    this.#journal = journal;
  }
}
