import type { Commit } from '#protocol/codec/commit-form.ts';
import type { Admission } from '#protocol/admit/admission.ts';
import type { Replica } from '#protocol/admit/replica.ts';
import type { SwarmState } from '#protocol/state/swarm-state.ts';
import { Catalogue, type Row } from './catalogue.ts';
import type { History } from './history.ts';
import type { ReceiptLog } from './receipt-log.ts';
import type { Repository } from './repository.ts';
import type { SealedSwarm } from './sealing.ts';

const deviceRefs = 'refs/swarm/dev/';
const forkRefs = 'refs/swarm/fork/';

/** What one swarm consists of. */
export interface SwarmParts<S extends SwarmState> {
  cid: string;
  replica: Replica<S>;
  repository: Repository;
  receipts: ReceiptLog;
}

/** What a batch led to: the verdicts, the devices whose refs moved, the bytes that were stored. */
export interface Taken {
  answer: Admission;
  moved: readonly string[];
  bytes: number;
}

/** One swarm of the box: judged by its replica, kept in its repository. */
export class StoredSwarm<S extends SwarmState> {
  readonly cid: string;
  readonly replica: Replica<S>;
  readonly repository: Repository;
  readonly catalogue = new Catalogue();
  readonly receipts: ReceiptLog;
  /** The newest commit of each device's own chain. */
  readonly #heads = new Map<string, Row>();
  #state: { at: string; value: S } | undefined;

  constructor({ cid, replica, repository, receipts }: SwarmParts<S>) {
    this.cid = cid;
    this.replica = replica;
    this.repository = repository;
    this.receipts = receipts;
  }

  /**
   * Judges again what the refs lead to, and writes the receipts that a power cut swallowed.
   * Throws when the disk holds anything that was never stored like this.
   */
  async load({ commits, blobs }: History, seconds: number): Promise<void> {
    const bodies = commits.map(({ body }) => body);
    const { ok, no, missing } = await this.replica.load(bodies, blobs);
    if (ok.length !== commits.length) {
      const [rule] = no.map((row) => row[1]);
      throw new Error(`swarm ${this.cid} is damaged: ${rule ?? JSON.stringify(missing)}`);
    }
    for (const commit of this.#commits(ok)) this.catalogue.add(commit);
    for (const [ref, oid] of await this.repository.refs()) {
      const row = this.catalogue.get(oid);
      if (row && ref.startsWith(deviceRefs)) this.#heads.set(ref.slice(deviceRefs.length), row);
    }
    await this.receipts.open();
    await this.receipts.append(ok, seconds);
  }

  /** Control state of everything that is known. */
  get state(): S {
    const { replica } = this;
    const at = `${replica.size} ${replica.mission?.size ?? 0}`;
    if (this.#state?.at !== at) this.#state = { at, value: replica.view().state };
    return this.#state.value;
  }

  /** The device that began it, which never changes; '' before it has. */
  get founder(): string {
    const [genesis] = this.replica.commits();
    return genesis?.envelope.d ?? '';
  }

  /** The device refs: `[dfp, oid, sid, q]`, by device. */
  heads(): [device: string, oid: string, sid: string, q: number][] {
    const rows = [...this.#heads].sort(([a], [b]) => (a < b ? -1 : 1));
    return rows.map(([device, { oid, sid, q }]) => [device, oid, sid, q]);
  }

  /** The newest commit of a device's own chain. */
  head(device: string): Row | undefined {
    return this.#heads.get(device);
  }

  /** All that is stored of it at this moment. */
  async sealed(): Promise<SealedSwarm> {
    const heads = [...(await this.repository.refs())].sort(([a], [b]) => (a < b ? -1 : 1));
    return { cid: this.cid, heads, receiptBytes: this.receipts.bytes };
  }

  /** Commits that do not lie below these heads, parents first. */
  since({ heads }: SealedSwarm): Uint8Array[] {
    const waiting = heads.flatMap(([, oid]) => this.catalogue.get(oid) ?? []);
    const below = new Set<Row>();
    for (let row = waiting.pop(); row; row = waiting.pop()) {
      if (below.has(row)) continue;
      below.add(row);
      waiting.push(...row.parents);
    }
    const later = [...this.replica.commits()].flatMap(({ oid, raw }) => {
      const row = this.catalogue.get(oid);
      return row && !below.has(row) ? [{ at: row.at, raw }] : [];
    });
    return later.sort((a, b) => a.at - b.at).map(({ raw }) => raw);
  }

  /**
   * Judges a batch of `pusher` and stores what is valid. What it answers `ok` to is on the disk.
   */
  async take(
    commits: readonly (Commit | Uint8Array)[],
    blobs: readonly Uint8Array[],
    seconds: number,
    pusher = '',
  ): Promise<Taken> {
    return this.#keep(await this.replica.admit(commits, blobs, pusher), seconds);
  }

  /** Stores what waited for the mission and need not wait any more (M3). */
  async retry(seconds: number): Promise<Taken> {
    return this.#keep(await this.replica.retry(), seconds);
  }

  /** Objects, then refs, then receipts, each on the disk before the next. */
  async #keep(answer: Admission, seconds: number): Promise<Taken> {
    const commits = this.#commits(answer.ok).filter(({ oid }) => !this.catalogue.get(oid));
    if (commits.length === 0) return { answer, moved: [], bytes: 0 };
    const objects = [...answer.objects, ...commits.map(objectOf)];
    await this.repository.write(objects);
    const tips = new Map<string, Commit>();
    const forks: Commit[] = [];
    for (const commit of commits) {
      const { d, pq } = commit.envelope;
      if (pq === (tips.get(d) ?? this.#heads.get(d))?.sid) tips.set(d, commit);
      else forks.push(commit);
    }
    for (const [device, { oid }] of tips) {
      await this.#move(deviceRefs + device, this.#heads.get(device)?.oid, oid);
    }
    for (const { oid } of forks) await this.#move(forkRefs + oid, undefined, oid);
    for (const commit of commits) this.catalogue.add(commit);
    for (const [device, { oid }] of tips) this.#heads.set(device, this.catalogue.get(oid) as Row);
    if (this.catalogue.last) await this.repository.show(this.catalogue.last.oid);
    await this.receipts.append(
      commits.map(({ sid }) => sid),
      seconds,
    );
    const bytes = objects.reduce((sum, { body }) => sum + body.length, 0);
    return { answer, moved: [...tips.keys()], bytes };
  }

  async #move(ref: string, from: string | undefined, to: string): Promise<void> {
    if (await this.repository.move(ref, from, to)) return;
    throw new Error(`${ref} is not where this box left it: another hand is in the store`);
  }

  #commits(sids: readonly string[]): Commit[] {
    return sids.map((sid) => this.replica.commit(sid) as Commit);
  }
}

function objectOf({ oid, raw }: Commit) {
  return { type: 'commit' as const, oid, body: raw };
}
