import type { Commit } from '../codec/commit-form.ts';
import type { Node } from '../pack/node.ts';

/** Commits waiting at once; beyond, the oldest of who has most goes and must be sent again (L11). */
const mostParked = 512;

/** Bytes of them; epochs may have 256 KiB each, so their number alone would be no bound. */
const mostParkedBytes = 16 * 1_048_576;

/** Refusals remembered; beyond, the oldest is judged anew if it comes again. */
const mostRefused = 4096;

/** A commit that waits for the mission, with what came with it. */
export interface Parked {
  commit: Commit;
  /** Its sealed blob, if it is a profile. */
  blob: Node | undefined;
  /** Who pushed it, whose share it takes (L11). */
  pusher: string;
}

/** What one pusher has waiting, oldest first. */
interface Share {
  bytes: number;
  readonly held: Map<string, Parked>;
}

/** Commits that wait for the mission (M3) and those that can never be valid (§6). */
export class Parking {
  readonly #parked = new Map<string, Parked>();
  readonly #shares = new Map<string, Share>();
  readonly #byOid = new Map<string, string>();
  #bytes = 0;
  readonly #refused = new Map<string, string>();
  readonly #refusedOids = new Map<string, string>();

  park(parked: Parked): void {
    const { oid, sid } = parked.commit;
    if (this.#parked.has(sid)) return;
    this.#parked.set(sid, parked);
    this.#byOid.set(oid, sid);
    this.#bytes += sizeOf(parked);
    const share = this.#shares.get(parked.pusher) ?? { bytes: 0, held: new Map<string, Parked>() };
    this.#shares.set(parked.pusher, share);
    share.held.set(sid, parked);
    share.bytes += sizeOf(parked);
    while (this.#parked.size > mostParked) this.#drop(({ held }) => held.size);
    while (this.#bytes > mostParkedBytes) this.#drop(({ bytes }) => bytes);
  }

  /** Forgets the oldest of whoever has most: one pusher never drives out another's (L11). */
  #drop(weight: (share: Share) => number): void {
    const [most] = [...this.#shares.values()].sort((a, b) => weight(b) - weight(a));
    for (const oldest of most?.held.values() ?? []) return this.#forget(oldest);
  }

  /** Takes everything out, to be tried again. */
  takeAll(): Parked[] {
    const all = [...this.#parked.values()];
    this.#bytes = 0;
    this.#parked.clear();
    this.#shares.clear();
    this.#byOid.clear();
    return all;
  }

  isParked(oid: string): boolean {
    return this.#byOid.has(oid);
  }

  /** Remembers that a commit is invalid for good: only rules condemn, never limits (I3). */
  refuse({ oid, sid }: Pick<Commit, 'oid' | 'sid'>, rule: string): void {
    remember(this.#refused, sid, rule);
    remember(this.#refusedOids, oid, rule);
  }

  ruleAgainst(sid: string): string | undefined {
    return this.#refused.get(sid);
  }

  isRefusedOid(oid: string): boolean {
    return this.#refusedOids.has(oid);
  }

  #forget(parked: Parked): void {
    this.#bytes -= sizeOf(parked);
    const share = this.#shares.get(parked.pusher);
    if (share) share.bytes -= sizeOf(parked);
    share?.held.delete(parked.commit.sid);
    if (share?.held.size === 0) this.#shares.delete(parked.pusher);
    this.#parked.delete(parked.commit.sid);
    this.#byOid.delete(parked.commit.oid);
  }
}

function sizeOf({ blob, commit }: Parked): number {
  return commit.raw.length + (blob?.object.body.length ?? 0);
}

function remember(map: Map<string, string>, key: string, rule: string): void {
  map.set(key, rule);
  if (map.size > mostRefused) map.delete(map.keys().next().value as string);
}
