import { LocalSwarm } from '#client/local-swarm.ts';
import type { KeyStore, Network, Storage } from '#client/ports.ts';
import { OpenCarrier } from '#client/exchange.ts';
import { RoomKeys } from '#client/room-keys.ts';
import { Room } from '#client/room.ts';
import { selfOf } from '#client/self.ts';
import { SwarmDoor } from '#client/swarm-door.ts';
import { SwarmSync } from '#client/swarm-sync.ts';
import { Reader } from '#client/transcript.ts';
import { Vault } from '#client/vault.ts';
import { missionReplica, roomReplica } from '#protocol/admit/replica.ts';
import { fromHex, toB64u } from '#protocol/codec/text-form.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import type { Engine, Zlib } from '#protocol/ports.ts';

/** What a platform lends, in Node and in a browser. */
export interface Lent {
  network: Network;
  engine: Engine;
  zlib: Zlib;
  storage: Storage;
  keys: KeyStore;
}

/** The conversation, and the secrets (hex) of a device in it that has nothing yet. */
export interface Task {
  mission: string;
  room: string;
  newest: string;
  reader: { device: string; agreement: string; member: string; inbox: string };
}

/** What it took, from nothing to everything verified, kept and opened. */
export interface Cloned {
  /** Until the newest message could be read, and until all could, in milliseconds. */
  newestMs: number;
  wholeMs: number;
  /** Lines that can be read. */
  lines: number;
  commits: number;
  room: Room;
  sync: SwarmSync;
}

/** Fetches a whole conversation with the client's own parts: checked, on the disk, opened. */
export async function cloneSwarm(
  { engine, keys, network, storage, zlib }: Lent,
  { mission, newest, reader, room }: Task,
): Promise<Cloned> {
  const device = {
    signer: seedSigner(hex(reader.device)),
    agreement: scalarKey(hex(reader.agreement)),
  };
  const [member, inbox] = [toB64u(hex(reader.member)), toB64u(hex(reader.inbox))];
  const self = selfOf({ member, inbox, device: toB64u(new Uint8Array(32)) }, device);
  const vault = new Vault(storage.records, keys);
  const sync = new SwarmSync(new SwarmDoor(new OpenCarrier(network)), zlib, self.dfp);
  const { signal } = new AbortController();
  const local = { vault, signer: device.signer, dfp: self.dfp };

  const begun = performance.now();
  const above = missionReplica(engine, mission);
  const repositories = [await storage.repository(mission), await storage.repository(room)] as const;
  const first = new LocalSwarm({
    ...local,
    cid: mission,
    replica: above,
    repository: repositories[0],
  });
  await first.open();
  await sync.pull(first, signal, () => undefined);
  const replica = roomReplica(engine, above, room);
  const swarm = new LocalSwarm({ ...local, cid: room, replica, repository: repositories[1] });
  await swarm.open();
  const ring = new RoomKeys(room, vault, {
    device: self.dfp,
    member: self.mfp,
    deviceKeys: [device.agreement],
    inbox: self.inbox,
  });
  const transcript = new Reader(replica, ring.ring, (op) => swarm.isKept(op));
  const { fresh } = await sync.pull(swarm, signal, () => undefined);
  await ring.learn(fresh.flatMap((sid) => replica.op(sid) ?? []));
  // The client opens what it has after a pull, the oldest first: the newest is there at the end.
  const lines = transcript.read().lines.filter(({ sid }) => sid !== '');
  const newestMs = lines.some(({ sid }) => sid === newest) ? performance.now() - begun : Number.NaN;
  const wholeMs = performance.now() - begun;
  const clock = { now: () => Date.now(), wait: () => Promise.resolve() };
  return {
    newestMs,
    wholeMs,
    lines: lines.length,
    commits: replica.size,
    room: new Room(swarm, ring, { engine, clock, self }),
    sync,
  };
}

function hex(text: string): Uint8Array {
  return fromHex(text, 32) as Uint8Array;
}
