import { Vault } from '#client/vault.ts';
import type { StateDirectory } from './state/state-directory.ts';

const prefix = 'terminal/printed/';
/** Characters of an id that are kept: nobody finds two messages that agree in 96 bits. */
const kept = 16;

/** Which messages `follow --resume` has printed on this device: one small sealed record a batch. */
export class Printed {
  readonly #vault: Vault;
  readonly #known = new Set<string>();
  #batches = 0;

  private constructor(vault: Vault) {
    this.#vault = vault;
  }

  static async open({ records, keys }: StateDirectory): Promise<Printed> {
    const printed = new Printed(new Vault(records, keys));
    for (const { value } of await printed.#vault.list<readonly string[]>(prefix)) {
      for (const id of value) printed.#known.add(id);
      printed.#batches += 1;
    }
    return printed;
  }

  has(sid: string): boolean {
    return this.#known.has(sid.slice(0, kept));
  }

  /** On disk when it resolves. */
  async add(sids: readonly string[]): Promise<void> {
    const value = sids.map((sid) => sid.slice(0, kept)).filter((id) => !this.#known.has(id));
    if (value.length === 0) return;
    for (const id of value) this.#known.add(id);
    const key = prefix + String((this.#batches += 1)).padStart(9, '0');
    await this.#vault.write([{ key, value }]);
  }
}
