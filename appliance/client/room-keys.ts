import { fromB64u, toB64u } from '#protocol/codec/text-form.ts';
import type { RoomReplica } from '#protocol/admit/replica.ts';
import { KeyRing, type OwnKeys } from '#protocol/keys/key-ring.ts';
import type { EpochX } from '#protocol/state/kinds/epoch.ts';
import type { Op } from '#protocol/state/op.ts';
import type { Vault, VaultChange } from './vault.ts';

/** Kinds that can carry a key for this device. */
const carriers: ReadonlySet<string> = new Set(['epoch', 'share', 'add']);

/** The epoch keys of one conversation: opened from commits, kept in the vault. */
export class RoomKeys {
  readonly ring: KeyRing;
  readonly #cid: string;
  readonly #vault: Vault;
  readonly #own: OwnKeys;
  /** What the vault has, by epoch, once it was read. */
  #stored: ReadonlyMap<string, string> | undefined;
  readonly #kept = new Set<string>();
  /** Epochs whose box for us does not open: a complaint about their author (K12). */
  readonly broken = new Set<string>();

  constructor(cid: string, vault: Vault, own: OwnKeys) {
    this.#cid = cid;
    this.#vault = vault;
    this.#own = own;
    this.ring = new KeyRing(cid);
  }

  /** Takes keys from the vault, then whatever commits hold that the vault does not. */
  async open(replica: RoomReplica): Promise<void> {
    await this.learn(replica.order().shown);
  }

  /** Opens what these commits have for us, and keeps it. True if a key is new. */
  async learn(ops: readonly Op[]): Promise<boolean> {
    // A device that was linked has keys before it has seen the commits that made them.
    const stored = await this.#storedKeys();
    for (const op of ops) {
      if (op.envelope.k !== 'epoch') continue;
      const key = fromB64u(stored.get((op.x as EpochX).id) ?? '', 32);
      if (key) this.ring.put(op, key);
    }
    for (const op of ops) {
      if (!carriers.has(op.envelope.k)) continue;
      const outcome = await this.ring.learn(op, this.#own);
      if (outcome === 'broken' && op.envelope.k === 'epoch') this.broken.add((op.x as EpochX).id);
    }
    const fresh = this.ring.held.filter((eid) => !this.#kept.has(eid));
    await this.#vault.write(fresh.flatMap((eid) => this.changeFor(eid, this.ring.key(eid))));
    for (const eid of fresh) this.#kept.add(eid);
    return fresh.length > 0;
  }

  /** Keeps a key of ours in the transaction of its commit. */
  changeFor(eid: string, key: Uint8Array | undefined): VaultChange[] {
    return key ? [{ key: this.#key(eid), value: toB64u(key) }] : [];
  }

  async #storedKeys(): Promise<ReadonlyMap<string, string>> {
    if (this.#stored) return this.#stored;
    const prefix = this.#key('');
    const stored = await this.#vault.list<string>(prefix);
    this.#stored = new Map(stored.map(({ key, value }) => [key.slice(prefix.length), value]));
    for (const eid of this.#stored.keys()) this.#kept.add(eid);
    return this.#stored;
  }

  #key(eid: string): string {
    return `epoch/${this.#cid}/${eid}`;
  }
}
