import { missionReplica, roomReplica, type RoomReplica } from '#protocol/admit/replica.ts';
import { concat, utf8 } from '#protocol/codec/bytes.ts';
import { encode } from '#protocol/codec/canonical-json.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { H } from '#protocol/codec/hash.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { seedSigner, type Signer } from '#protocol/crypto/sign.ts';
import type { SwarmSource } from '#protocol/export/swarm-source.ts';
import type { GitObject } from '#protocol/pack/object.ts';
import type { Engine } from '#protocol/ports.ts';
import { all, type SimDevice } from './swarm-simulator/device.ts';
import { seedOf } from './people.ts';

/** What a box has of the mission, on paper: replicas, objects, and a receipt for each commit. */
export class PaperBox {
  readonly signer: Signer = seedSigner(seedOf('the box'));
  readonly mission;
  readonly rooms = new Map<string, RoomReplica>();
  readonly #engine: Engine;
  readonly #objects = new Map<string, GitObject>();
  readonly #receipts = new Map<string, string[]>();
  #seconds = 1_800_000_000;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.mission = missionReplica(engine);
  }

  /** Takes everything that a device knows, in the order in which the box is told. */
  async hear(device: SimDevice): Promise<void> {
    await this.take(undefined, all(device.mission));
    for (const [cid, room] of device.rooms) {
      const blobs = room.size === 0 ? [] : room.view().state.profiles.map(({ blob }) => blob);
      await this.take(
        cid,
        all(room),
        blobs.map(({ object }) => object.body),
      );
    }
  }

  /** Takes commits of a conversation, or of the mission. */
  async take(
    cid: string | undefined,
    commits: readonly Commit[],
    blobs: readonly Uint8Array[] = [],
  ): Promise<void> {
    const replica = cid === undefined ? this.mission : this.#room(cid);
    const before = new Set([...replica.commits()].map(({ sid }) => sid));
    const { objects, ok } = await replica.admit(commits, blobs);
    for (const object of objects) this.#objects.set(object.oid, object);
    for (const sid of ok) if (!before.has(sid)) await this.#receipt(replica.cid as string, sid);
  }

  /** What a record is made of: the mission, then the conversations. */
  get swarms(): SwarmSource[] {
    const read = (oid: string) => Promise.resolve(this.#objects.get(oid));
    const rooms = [...this.rooms].map(([cid, replica]) => ({ cid, replica, read }));
    return [{ cid: this.mission.cid as string, replica: this.mission, read }, ...rooms];
  }

  get receipts(): { cid: string; bytes: Uint8Array }[] {
    return [...this.#receipts].map(([cid, lines]) => ({
      cid,
      bytes: concat(...lines.map((line) => utf8(`${line}\n`))),
    }));
  }

  #room(cid: string): RoomReplica {
    const room = this.rooms.get(cid) ?? roomReplica(this.#engine, this.mission, cid);
    this.rooms.set(cid, room);
    return room;
  }

  async #receipt(cid: string, sid: string): Promise<void> {
    const lines = this.#receipts.get(cid) ?? [];
    this.#receipts.set(cid, lines);
    const before = lines.at(-1);
    const p = before === undefined ? '' : toB64u(H('receipt', before));
    const c = { cid, p, sid, t: this.#seconds++ };
    const s = await this.signer.sign('parley-box-v1', utf8(encode(c)));
    lines.push(encode({ c, s: toB64u(s) }));
  }
}
