import type { Commit } from '#protocol/codec/commit-form.ts';
import type { GitObject } from '#protocol/pack/object.ts';
import { Catalogue, type Row } from './catalogue.ts';
import type { ReceiptLog } from './receipt-log.ts';
import type { Repository } from './repository.ts';

const deviceRefs = 'refs/swarm/dev/';
const forkRefs = 'refs/swarm/fork/';

/** One swarm as it is stored: its objects, refs and receipts, and what is remembered of them. */
export class Swarm {
  readonly cid: string;
  readonly repository: Repository;
  readonly catalogue = new Catalogue();
  readonly #receipts: ReceiptLog;
  /** The newest commit of each device's own chain. */
  readonly #heads = new Map<string, Row>();

  constructor(cid: string, repository: Repository, receipts: ReceiptLog) {
    this.cid = cid;
    this.repository = repository;
    this.#receipts = receipts;
  }

  /** Remembers what the refs say is stored, and writes the receipts that a power cut swallowed. */
  async open(commits: readonly Commit[], seconds: number): Promise<void> {
    for (const commit of commits) this.catalogue.add(commit);
    for (const [ref, oid] of await this.repository.refs()) {
      const row = this.catalogue.get(oid);
      if (row && ref.startsWith(deviceRefs)) this.#heads.set(ref.slice(deviceRefs.length), row);
    }
    await this.#receipts.open();
    await this.#receipts.append(
      commits.map(({ sid }) => sid),
      seconds,
    );
  }

  /** The device refs: `[dfp, oid, sid, q]`, by device. */
  heads(): [string, string, string, number][] {
    const rows = [...this.#heads].sort(([a], [b]) => (a < b ? -1 : 1));
    return rows.map(([device, { oid, sid, q }]) => [device, oid, sid, q]);
  }

  /**
   * Stores judged commits, parents first, with their objects: objects, then refs, then receipts,
   * each on the disk before the next. Returns the devices whose refs moved.
   */
  async keep(
    commits: readonly Commit[],
    objects: readonly GitObject[],
    seconds: number,
  ): Promise<string[]> {
    await this.repository.write(objects);
    const tips = new Map<string, Commit>();
    const forks: Commit[] = [];
    for (const commit of commits.filter(({ oid }) => !this.catalogue.get(oid))) {
      const { d, pq } = commit.envelope;
      if (pq === (tips.get(d) ?? this.#heads.get(d))?.sid) tips.set(d, commit);
      else forks.push(commit);
    }
    for (const [device, { oid }] of tips) await this.#move(deviceRefs + device, device, oid);
    for (const { oid } of forks) await this.#move(forkRefs + oid, undefined, oid);
    for (const commit of commits) this.catalogue.add(commit);
    for (const [device, { oid }] of tips) this.#heads.set(device, this.catalogue.get(oid) as Row);
    if (this.catalogue.last) await this.repository.show(this.catalogue.last.oid);
    await this.#receipts.append(
      commits.map(({ sid }) => sid),
      seconds,
    );
    return [...tips.keys()];
  }

  async #move(ref: string, device: string | undefined, to: string): Promise<void> {
    const from = device === undefined ? undefined : this.#heads.get(device)?.oid;
    if (await this.repository.move(ref, from, to)) return;
    // Only this process writes refs: somebody else's hand is in the directory, or a fork is back.
    if ((await this.repository.refs()).get(ref) !== to)
      throw new Error(`${ref} is not where it was`);
  }
}
