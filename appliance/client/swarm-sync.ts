import { pageLimits } from '#protocol/pack/limits.ts';
import { scanPack } from '#protocol/pack/scan.ts';
import { writePack } from '#protocol/pack/write.ts';
import type { Zlib } from '#protocol/ports.ts';
import type { SwarmState } from '#protocol/state/swarm-state.ts';
import { BoxRefusal } from './exchange.ts';
import type { LocalSwarm } from './local-swarm.ts';
import type { Pending } from './outbox.ts';
import type { RefNews, SwarmDoor } from './swarm-door.ts';

/** What a pull brought. */
export interface Pulled {
  /** Sids that were not known before, in the order of admission. */
  fresh: readonly string[];
  /** Whether commits wait for something of the mission that is not here (M3). */
  needsMission: boolean;
}

/** Most own commits that go in one pack: well below L2, so that a page of them always fits. */
const mostAtOnce = 64;

/** Bytes of objects in one pack, half of what the box takes (L2). */
const bytesAtOnce = 2 * 1024 * 1024;

/** Exchanges one swarm with the box: what is new there comes here, what is new here goes there. */
export class SwarmSync {
  readonly #door: SwarmDoor;
  readonly #zlib: Zlib;
  readonly #dfp: string;
  /** Announced commits that could not be had; not asked for again, so that no loop arises (§11.1). */
  readonly #dismissed = new Set<string>();

  constructor(door: SwarmDoor, zlib: Zlib, dfp: string) {
    this.#door = door;
    this.#zlib = zlib;
    this.#dfp = dfp;
  }

  /** Fetches page by page until nothing new comes; each page is checked and on disk first. */
  async pull<S extends SwarmState>(
    swarm: LocalSwarm<S>,
    signal: AbortSignal,
    onProgress: (done: number, total: number) => void,
  ): Promise<Pulled> {
    const refs = await this.#door.refs(swarm.cid, signal);
    this.#checkOwn(swarm, refs);
    const fresh: string[] = [];
    let needsMission = false;
    const want = refs
      .filter(({ oid }) => !swarm.replica.byOid(oid) && !this.#dismissed.has(oid))
      .map(({ oid }) => oid);
    // Each device numbers its commits from 0, so this is how many the box says it has.
    const total = refs.reduce((sum, { q }) => sum + q + 1, 0);
    let hasMore = want.length > 0;
    while (hasMore) {
      const page = await this.#door.fetch(swarm.cid, haveOf(swarm, refs), want, signal);
      const objects = scanPack(page.pack, this.#zlib, pageLimits);
      if (!objects.ok) break;
      const before = swarm.replica.size;
      const commits = objects.value.filter(({ type }) => type === 'commit');
      const blobs = objects.value.filter(({ type }) => type === 'blob');
      const admission = await swarm.take(
        commits.map(({ body }) => body),
        blobs.map(({ body }) => body),
      );
      fresh.push(...admission.ok);
      needsMission ||= admission.missing.mission.length > 0;
      onProgress(swarm.replica.size, total);
      // A page that brought nothing new would come again for ever.
      hasMore = page.hasMore && swarm.replica.size > before;
    }
    if (!needsMission) {
      for (const oid of want) if (!swarm.replica.byOid(oid)) this.#dismissed.add(oid);
    }
    return { fresh, needsMission };
  }

  /** Sends what the box has not confirmed, oldest first. True if all of it is there now. */
  async push<S extends SwarmState>(swarm: LocalSwarm<S>, signal: AbortSignal): Promise<boolean> {
    try {
      const isThere = await this.#push(swarm, signal);
      swarm.outbox.isHeldBack = !isThere;
      return isThere;
    } catch (error) {
      // The box has sealed its record: what comes now stays on this device, which says so (T3).
      if (!(error instanceof BoxRefusal) || error.code !== 'SWARM_SEALED') throw error;
      swarm.outbox.isHeldBack = true;
      return false;
    }
  }

  async #push<S extends SwarmState>(swarm: LocalSwarm<S>, signal: AbortSignal): Promise<boolean> {
    while (swarm.outbox.pending.length > 0) {
      const batch = firstOf(swarm.outbox.pending);
      const head = batch.at(-1);
      if (!head) return true;
      const objects = new Map(batch.flatMap((one) => one.objects).map((one) => [one.oid, one]));
      const pack = writePack([...objects.values()], this.#zlib);
      const answer = batch.some(({ isGenesis }) => isGenesis)
        ? await this.#door.create(pack, signal)
        : await this.#door.push(swarm.cid, head.oid, pack, signal);
      const there = new Set(answer.ok);
      await swarm.outbox.confirm(there);
      // Parked or refused: nothing is dropped, and nothing is gained by sending it at once again.
      if (!batch.every(({ sid }) => there.has(sid))) return false;
    }
    return true;
  }

  /** K16: a box that knows more of this device than the device itself was not set back, we were. */
  #checkOwn<S extends SwarmState>(swarm: LocalSwarm<S>, refs: readonly RefNews[]): void {
    const theirs = refs.find(({ device }) => device === this.#dfp);
    if (!theirs) return;
    const ours = swarm.outbox.head;
    if (theirs.q > (ours?.q ?? -1)) swarm.fallBehind();
  }
}

/** What the box need not send: the newest known commit of each device that it knows too. */
function haveOf<S extends SwarmState>(
  { outbox, replica }: LocalSwarm<S>,
  refs: readonly RefNews[],
): string[] {
  const have = new Set<string>();
  for (const { device, oid } of refs) {
    if (replica.byOid(oid)) have.add(oid);
    const newest = replica.newest(device);
    if (newest && !outbox.isPending(newest.sid)) have.add(newest.oid);
  }
  return [...have];
}

function firstOf(pending: readonly Pending[]): readonly Pending[] {
  let bytes = 0;
  const batch: Pending[] = [];
  for (const one of pending.slice(0, mostAtOnce)) {
    bytes += one.objects.reduce((sum, { body }) => sum + body.length, 0);
    if (batch.length > 0 && bytes > bytesAtOnce) break;
    batch.push(one);
  }
  return batch;
}
