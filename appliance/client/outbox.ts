import { gitObject, type GitObject } from '#protocol/pack/object.ts';
import type { GitType } from '#protocol/codec/git-object.ts';
import { fromB64u, toB64u } from '#protocol/codec/text-form.ts';
import type { Vault, VaultChange } from './vault.ts';

/** A commit of ours that the box has not confirmed, with everything that is new with it. */
export interface Pending {
  q: number;
  sid: string;
  oid: string;
  isGenesis: boolean;
  /** Contents first, the commit last. */
  objects: readonly GitObject[];
}

/** The newest commit of this device in a swarm, sent or not. */
export interface OwnHead {
  q: number;
  sid: string;
}

interface Kept {
  q: number;
  sid: string;
  isGenesis: boolean;
  objects: [type: GitType, body: string][];
}

/**
 * Own commits of one swarm on their way. A commit, its number and whatever else belongs to it
 * are kept in one transaction before anybody sees it, and it goes out as the same bytes however
 * often: so no crash makes this device sign one number twice (S49, B2).
 */
export class Outbox {
  readonly #vault: Vault;
  readonly #cid: string;
  #pending: readonly Pending[] = [];
  #head: OwnHead | undefined;
  /** Whether the box did not take what was last sent: it stays here, and nobody is to wait for it. */
  isHeldBack = false;

  constructor(vault: Vault, cid: string) {
    this.#vault = vault;
    this.#cid = cid;
  }

  /** Commits that the box has not confirmed, oldest first. */
  get pending(): readonly Pending[] {
    return this.#pending;
  }

  /** What is on disk as this device's newest commit. */
  get head(): OwnHead | undefined {
    return this.#head;
  }

  isPending(sid: string): boolean {
    return this.#pending.some((pending) => pending.sid === sid);
  }

  async open(): Promise<void> {
    this.#head = await this.#vault.get<OwnHead>(this.#headKey());
    const kept = await this.#vault.list<Kept>(`out/${this.#cid}/`);
    this.#pending = kept.map(({ value }) => opened(value));
  }

  /** Keeps a commit together with `changes`, all or nothing; on disk when it resolves. */
  async add(pending: Pending, changes: readonly VaultChange[]): Promise<void> {
    const head: OwnHead = { q: pending.q, sid: pending.sid };
    await this.#vault.write([
      { key: this.#key(pending.q), value: kept(pending) },
      { key: this.#headKey(), value: head },
      ...changes,
    ]);
    this.#head = head;
    this.#pending = [...this.#pending, pending];
  }

  /** The box has these, and the repository on this device has them on disk. */
  async confirm(sids: ReadonlySet<string>): Promise<void> {
    const done = this.#pending.filter(({ sid }) => sids.has(sid));
    if (done.length === 0) return;
    await this.#vault.write(done.map(({ q }) => ({ key: this.#key(q) })));
    this.#pending = this.#pending.filter(({ sid }) => !sids.has(sid));
  }

  #headKey(): string {
    return `head/${this.#cid}`;
  }

  /** Numbers as text of one length, so that keys sort as numbers do. */
  #key(q: number): string {
    return `out/${this.#cid}/${String(q).padStart(16, '0')}`;
  }
}

function kept({ q, sid, isGenesis, objects }: Pending): Kept {
  return { q, sid, isGenesis, objects: objects.map(({ type, body }) => [type, toB64u(body)]) };
}

function opened({ q, sid, isGenesis, objects }: Kept): Pending {
  const read = objects.map(([type, body]) => gitObject(type, fromB64u(body) ?? new Uint8Array()));
  return { q, sid, isGenesis, objects: read, oid: read.at(-1)?.oid ?? '' };
}
