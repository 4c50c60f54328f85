import type { RoomReplica } from '#protocol/admit/replica.ts';
import type { Line } from '#protocol/content/fold.ts';
import type { Op } from '#protocol/state/op.ts';
import type { Vault } from './vault.ts';

/** Arrivals this much older than their claimed time are not just two people writing at once. */
const promptMs = 60_000;

/** With so many shown messages behind it, an arrival would go unnoticed far up. */
const unnoticed = 3;

/** What has been read of a room on this device, and what came late into it. */
export class Reading {
  readonly #vault: Vault;
  readonly #cid: string;
  #heads: readonly string[] | undefined;
  #late = new Set<string>();
  #counted: { at: string; count: number } | undefined;
  /** Changes with each mark, so that views know. */
  version = 0;

  constructor(vault: Vault, cid: string) {
    this.#vault = vault;
    this.#cid = cid;
  }

  async open(): Promise<void> {
    this.#heads = await this.#vault.get<string[]>(`read/${this.#cid}`);
    this.#late = new Set(await this.#vault.get<string[]>(`late/${this.#cid}`));
  }

  /** Everything known now counts as read: a message does if it lies in the past of a head. */
  async mark(heads: readonly string[]): Promise<void> {
    if (this.#heads?.join() === heads.join()) return;
    await this.#vault.write([{ key: `read/${this.#cid}`, value: heads }]);
    this.#heads = heads;
    this.version += 1;
  }

  /** What was there when this person came is not news. */
  async begin(heads: readonly string[]): Promise<void> {
    if (this.#heads === undefined) await this.mark(heads);
  }

  isLate(sid: string): boolean {
    return this.#late.has(sid);
  }

  /** Lines by others that nobody has read here. */
  unread(replica: RoomReplica, lines: readonly Line[], me: string): number {
    const at = `${replica.size} ${lines.length} ${this.version}`;
    if (this.#counted?.at === at) return this.#counted.count;
    const heads = (this.#heads ?? []).flatMap((sid) => replica.op(sid) ?? []);
    const isRead = (op: Op): boolean =>
      heads.some((head) => head.sid === op.sid || replica.saw(head, op));
    const count = lines.filter((line) => {
      const op = line.author === me ? undefined : replica.op(line.sid);
      return op !== undefined && !isRead(op);
    }).length;
    this.#counted = { at, count };
    return count;
  }

  /** Notes which of the fresh lines came after newer ones were shown (§9.4). */
  async arrived(fresh: ReadonlySet<string>, lines: readonly Line[], nowMs: number): Promise<void> {
    const shown = lines.findLastIndex(({ sid }) => !fresh.has(sid));
    const late = lines.filter(({ sid, atMs }, place) => {
      if (!fresh.has(sid) || place > shown || this.#late.has(sid)) return false;
      const behind = lines.slice(place).filter((line) => !fresh.has(line.sid)).length;
      return behind >= unnoticed || nowMs - atMs > promptMs;
    });
    if (late.length === 0) return;
    for (const { sid } of late) this.#late.add(sid);
    await this.#vault.write([{ key: `late/${this.#cid}`, value: [...this.#late] }]);
    this.version += 1;
  }
}
