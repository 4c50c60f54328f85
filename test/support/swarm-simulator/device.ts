import { parseCommit, payloadOf, serialize } from '#protocol/codec/commit.ts';
import type { Commit, CommitDraft } from '#protocol/codec/commit-form.ts';
import type { Json } from '#protocol/codec/canonical-json.ts';
import type { AgreementKey } from '#protocol/crypto/agreement.ts';
import { openMessage, sealMessage } from '#protocol/crypto/message-seal.ts';
import type { Signer } from '#protocol/crypto/sign.ts';
import type { Admission } from '#protocol/admit/admission.ts';
import type { Proposal } from '#protocol/admit/draft.ts';
import {
  missionReplica,
  roomReplica,
  type MissionReplica,
  type Replica,
  type RoomReplica,
} from '#protocol/admit/replica.ts';
import { epochsToGive, keysFor, shareTo } from '#protocol/keys/giving.ts';
import { KeyRing } from '#protocol/keys/key-ring.ts';
import { newEpoch } from '#protocol/keys/new-epoch.ts';
import { devicesWithoutKey, epochToWrite } from '#protocol/keys/rotation.ts';
import type { Engine } from '#protocol/ports.ts';
import type { EpochX } from '#protocol/state/kinds/epoch.ts';
import type { Op } from '#protocol/state/op.ts';
import type { SwarmState } from '#protocol/state/swarm-state.ts';

/** The keys of one simulated device. */
export interface DeviceKeys {
  party: Signer;
  member: Signer;
  device: Signer;
  inbox: AgreementKey;
  deviceKey: AgreementKey;
  pfp: string;
  mfp: string;
  dfp: string;
}

/** A device with its own replicas: what it does not know, it does not know. */
export class SimDevice {
  readonly name: string;
  readonly keys: DeviceKeys;
  readonly mission: MissionReplica;
  readonly rooms = new Map<string, RoomReplica>();
  readonly rings = new Map<string, KeyRing>();
  readonly engine: Engine;
  #seconds = 1_800_000_000;

  constructor(name: string, keys: DeviceKeys, engine: Engine, mission = missionReplica(engine)) {
    this.name = name;
    this.keys = keys;
    this.engine = engine;
    this.mission = mission;
  }

  room(cid: string): RoomReplica {
    const room = this.rooms.get(cid) ?? roomReplica(this.engine, this.mission, cid);
    this.rooms.set(cid, room);
    return room;
  }

  ring(cid: string): KeyRing {
    const ring = this.rings.get(cid) ?? new KeyRing(cid);
    this.rings.set(cid, ring);
    return ring;
  }

  /** Signs a draft as this device. */
  async sign(draft: CommitDraft): Promise<Commit> {
    const signature = await this.keys.device.sign('git', payloadOf(draft));
    const parsed = parseCommit(serialize(draft, this.keys.device.publicKey, signature));
    if (!parsed.ok) throw new Error(`${parsed.rule}: ${parsed.why}`);
    return parsed.value;
  }

  /** Drafts, signs and admits; throws with the rule if the own check refuses. */
  async write<S extends SwarmState>(
    replica: Replica<S>,
    k: string,
    x?: { [key: string]: Json },
    more: Partial<Proposal> = {},
  ): Promise<Commit> {
    if (k !== 'merge') await this.gather(replica);
    const proposal = { k, d: this.keys.dfp, seconds: this.#seconds++, ...(x && { x }), ...more };
    const draft = await replica.propose(proposal);
    if (!draft.ok) throw new Error(`${draft.rule}: ${draft.why}`);
    const commit = await this.sign(draft.value);
    const blobs = more.profile ? [more.profile.blob.object.body] : [];
    const answer = await replica.admit([commit], blobs);
    if (!answer.ok.includes(commit.sid)) throw new Error(`own commit: ${JSON.stringify(answer)}`);
    return commit;
  }

  /** Merges until one commit can name all heads (§9.5), if this device may. */
  async gather<S extends SwarmState>(replica: Replica<S>): Promise<void> {
    while (replica.isScattered(this.keys.dfp)) {
      const before = replica.size;
      await this.write(replica, 'merge').catch(() => undefined);
      if (replica.size === before) return;
    }
  }

  /** Begins a conversation of these members. */
  async begin(
    founders: readonly string[],
    more: { [key: string]: Json } = {},
  ): Promise<RoomReplica> {
    const room = roomReplica(this.engine, this.mission);
    await this.write(room, 'genesis', {
      founders: founders.toSorted(),
      hist: 'all',
      mode: 1,
      nonce: Buffer.from(this.engine.random(32)).toString('base64url'),
      parent: this.mission.cid ?? '',
      post: 'member',
      prof: 'admin',
      unit: 'party',
      ...more,
    });
    this.rooms.set(room.cid as string, room);
    return room;
  }

  /** Arguments of an epoch as an honest client would write it now. */
  epochArguments(cid: string, why = 'new'): EpochX {
    return this.#freshEpoch(cid, why).x;
  }

  /** Writes a new group key. */
  async rotate(cid: string, why = 'new', isCut = false): Promise<Commit> {
    const room = this.room(cid);
    await this.gather(room);
    const { key, x } = this.#freshEpoch(cid, why, isCut);
    const commit = await this.write(room, 'epoch', x as unknown as { [key: string]: Json });
    this.ring(cid).put(room.op(commit.sid) as Op, key);
    return commit;
  }

  /** Writes a message under the right epoch, making one if none may be used. */
  async say(cid: string, body: string): Promise<Commit> {
    const room = this.room(cid);
    const ring = this.ring(cid);
    await this.gather(room);
    const view = room.view();
    const last = room.newest(this.keys.dfp)?.generation ?? 0;
    if (epochToWrite(view.state, view.mission, ring, last) === undefined) await this.rotate(cid);
    const now = room.view();
    const e = epochToWrite(now.state, now.mission, ring, last) as string;
    return this.sayUnder(cid, e, body);
  }

  /** Writes a message under this epoch, allowed or not. */
  async sayUnder(cid: string, e: string, body: string): Promise<Commit> {
    const room = this.room(cid);
    const place = { cid, d: this.keys.dfp, ...room.next(this.keys.dfp) };
    const epochKey = this.ring(cid).key(e) as Uint8Array;
    const sealing = { epochKey, deviceSecret: new Uint8Array(32) };
    const message = { t: 'text/plain', b: { body }, m: this.#seconds * 1000 };
    const { body: sealed, pc } = sealMessage(this.engine, sealing, place, message);
    return this.write(room, 'msg', undefined, { sealed: { body: sealed, e, pc } });
  }

  #freshEpoch(cid: string, why: string, isCut = false) {
    const room = this.room(cid);
    const place = { cid, d: this.keys.dfp, q: room.next(this.keys.dfp).q };
    return newEpoch(this.engine, place, room.view(), this.ring(cid), why, isCut);
  }

  /** Gives the keys to every device inside that lacks them. */
  async shareKeys(cid: string): Promise<void> {
    const room = this.room(cid);
    const { mission, state } = room.view();
    for (const device of devicesWithoutKey(state, mission)) {
      const eids = epochsToGive(state, this.ring(cid));
      const x = shareTo(this.engine, mission, this.ring(cid), device, eids);
      if (x) await this.write(room, 'share', x as unknown as { [key: string]: Json });
    }
  }

  /** Adds somebody with the keys to read before joining. */
  async add(cid: string, member: string): Promise<Commit> {
    const room = this.room(cid);
    const { mission, state } = room.view();
    const ring = this.ring(cid);
    const h = keysFor(this.engine, mission, ring, member, epochsToGive(state, ring));
    return this.write(room, 'add', { ...(h && { h }), m: member, r: 'member' });
  }

  /** Readable messages in display order. */
  async read(cid: string): Promise<string[]> {
    const room = this.room(cid);
    const texts: string[] = [];
    for (const op of room.order().shown) {
      const commit = room.commit(op.sid);
      const key = this.ring(cid).key(op.envelope.e ?? '');
      if (commit?.sealed === undefined || key === undefined) continue;
      const opened = openMessage(key, commit.envelope, commit.sealed);
      const body = opened.ok ? opened.value.b['body'] : undefined;
      if (typeof body === 'string') texts.push(body);
    }
    return texts;
  }

  /** Takes everything another device knows: the mission first, then its conversations. */
  async pull(from: SimDevice): Promise<void> {
    await this.mission.admit(all(from.mission));
    for (const [cid, theirs] of from.rooms) await this.take(cid, all(theirs), blobsOf(theirs));
    await Promise.all([...this.rooms.values()].map((room) => room.retry()));
  }

  async take(
    cid: string,
    commits: readonly Commit[],
    blobs: Uint8Array[] = [],
  ): Promise<Admission> {
    const room = this.room(cid);
    const answer = await room.admit(commits, blobs);
    const { deviceKey, dfp, inbox, mfp } = this.keys;
    const own = { device: dfp, member: mfp, deviceKeys: [deviceKey], inbox };
    for (const sid of answer.ok) await this.ring(cid).learn(room.op(sid) as Op, own);
    return answer;
  }
}

/** Every commit of a replica in the order it came. */
export function all<S extends SwarmState>(replica: Replica<S>): Commit[] {
  const { hidden, shown } = replica.order();
  const ops = [...shown, ...hidden.map(({ op }) => op)];
  return ops.flatMap(({ sid }) => replica.commit(sid) ?? []);
}

function blobsOf(room: RoomReplica): Uint8Array[] {
  return room.size === 0 ? [] : room.view().state.profiles.map(({ blob }) => blob.object.body);
}

/** Both know what either knew. */
export async function sync(...devices: SimDevice[]): Promise<void> {
  for (const one of devices) for (const other of devices) if (one !== other) await one.pull(other);
}
