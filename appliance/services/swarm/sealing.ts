import type { Engine } from '#protocol/ports.ts';
import {
  missionReplica,
  roomReplica,
  type MissionReplica,
  type RoomReplica,
} from '#protocol/admit/replica.ts';
import type { GitObject } from '#protocol/pack/object.ts';
import { historyOf } from './history.ts';
import type { Repository } from './repository.ts';

/** What the box had of one swarm when the mission was sealed: all that the record holds of it. */
export interface SealedSwarm {
  cid: string;
  /** Refs with their commits, sorted by name. */
  heads: (readonly [ref: string, oid: string])[];
  /** Length of its receipt log in bytes. */
  receiptBytes: number;
}

/** A sealed swarm as a record is made from it. */
export interface SealedSource {
  cid: string;
  replica: MissionReplica | RoomReplica;
  read(oid: string): Promise<GitObject | undefined>;
  /** The receipt log, as far as it went. */
  receipts: Uint8Array;
}

/** Where the bytes of sealed swarms are read from. */
export interface SealedStore {
  engine: Engine;
  open(cid: string): Promise<Repository>;
  receipts(cid: string, bytes: number): Promise<Uint8Array>;
}

/**
 * Judges the sealed commits again, in replicas that know nothing else: what came later must not
 * show in the record. The mission comes first. Throws when the store has lost something.
 */
export async function sourcesOf(
  { engine, open, receipts }: SealedStore,
  [first, ...others]: readonly SealedSwarm[],
  signal: AbortSignal,
): Promise<SealedSource[]> {
  if (!first) throw new TypeError('a record needs its mission');
  const sourceOf = async (
    { cid, heads, receiptBytes }: SealedSwarm,
    replica: MissionReplica | RoomReplica,
  ): Promise<SealedSource> => {
    signal.throwIfAborted();
    const repository = await open(cid);
    const { commits, blobs } = await historyOf(repository, new Map(heads));
    const { ok } = await replica.load(
      commits.map(({ body }) => body),
      blobs,
    );
    if (ok.length !== commits.length) throw new Error(`the sealed swarm ${cid} is damaged`);
    const read = (oid: string) => repository.read(oid);
    return { cid, replica, read, receipts: await receipts(cid, receiptBytes) };
  };
  const mission = missionReplica(engine, first.cid);
  const sources = [await sourceOf(first, mission)];
  for (const sealed of others) {
    sources.push(await sourceOf(sealed, roomReplica(engine, mission, sealed.cid)));
  }
  return sources;
}
