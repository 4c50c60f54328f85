import type { Caller } from '#kernel/route.ts';
import { nodeEngine } from '#kernel/node-engine.ts';
import { nodeZlib } from '#kernel/node-zlib.ts';
import type { Proposal } from '#protocol/admit/draft.ts';
import {
  missionReplica,
  roomReplica,
  type MissionReplica,
  type RoomReplica,
} from '#protocol/admit/replica.ts';
import { parseCommit, payloadOf, serialize } from '#protocol/codec/commit.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { conversationId, deviceFingerprint } from '#protocol/codec/fingerprint.ts';
import type { Json } from '#protocol/codec/canonical-json.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { sealMessage } from '#protocol/crypto/message-seal.ts';
import type { Signer } from '#protocol/crypto/sign.ts';
import { KeyRing } from '#protocol/keys/key-ring.ts';
import { newEpoch } from '#protocol/keys/new-epoch.ts';
import { pageLimits } from '#protocol/pack/limits.ts';
import { gitObject } from '#protocol/pack/object.ts';
import { scanPack } from '#protocol/pack/scan.ts';
import { writePack } from '#protocol/pack/write.ts';
import type { Answer, Doors } from './doors.ts';

/** A conversation as a device has it. */
export interface PaperRoom {
  replica: RoomReplica;
  ring: KeyRing;
}

/** What a push was answered, with the lists in their types. */
export interface PushAnswer {
  head?: string;
  ok: string[];
  no: [string, string][];
  parked: string[];
}

/** A device of the mission, made of the protocol's own functions and the doors of a box. */
export class PaperDevice {
  readonly caller: Caller;
  readonly mission: MissionReplica;
  readonly rooms = new Map<string, PaperRoom>();
  readonly #signer: Signer;
  readonly #doors: () => Doors;
  #seconds = 1_700_000_000;

  constructor(signer: Signer, caller: Omit<Caller, 'device'>, cid: string, doors: () => Doors) {
    this.#signer = signer;
    this.caller = { device: deviceFingerprint(signer.publicKey), ...caller };
    this.mission = missionReplica(nodeEngine, cid);
    this.#doors = doors;
  }

  get missionCid(): string {
    return this.mission.cid as string;
  }

  replica(cid: string): MissionReplica | RoomReplica {
    return cid === this.missionCid ? this.mission : this.room(cid).replica;
  }

  room(cid: string): PaperRoom {
    const known = this.rooms.get(cid);
    if (known) return known;
    const made = { replica: roomReplica(nodeEngine, this.mission, cid), ring: new KeyRing(cid) };
    this.rooms.set(cid, made);
    return made;
  }

  /** Writes a commit on everything known; it is not pushed yet. Throws when the rules refuse it. */
  async write(cid: string, proposal: Pick<Proposal, 'k' | 'x' | 'sealed'>): Promise<Commit> {
    const replica = this.replica(cid);
    const commit = await this.sign(await must(replica.propose(this.#proposal(proposal))));
    const { no } = await replica.admit([commit]);
    if (no[0]) throw new Error(`refused by ${no[0][1]}`);
    return commit;
  }

  /** The genesis of a conversation of these members; not pushed yet. */
  async begin(founders: readonly string[]): Promise<{ cid: string; genesis: Commit }> {
    const x: { [key: string]: Json } = {
      founders: [...founders].sort(),
      hist: 'all',
      mode: 1,
      nonce: toB64u(nodeEngine.random(32)),
      parent: this.missionCid,
      post: 'member',
      prof: 'member',
      unit: 'party',
    };
    const replica = roomReplica(nodeEngine, this.mission);
    const genesis = await this.sign(
      await must(replica.propose(this.#proposal({ k: 'genesis', x }))),
    );
    const cid = conversationId(genesis.sid);
    await this.room(cid).replica.admit([genesis]);
    return { cid, genesis };
  }

  /** A new group key for everybody inside. */
  async epoch(cid: string): Promise<Commit> {
    const { replica, ring } = this.room(cid);
    const place = { cid, d: this.caller.device, q: replica.next(this.caller.device).q };
    const { key, x } = newEpoch(nodeEngine, place, replica.view(), ring, 'new');
    const commit = await this.write(cid, {
      k: 'epoch',
      x: x as unknown as { [key: string]: Json },
    });
    const op = replica.op(commit.sid);
    if (!op || !ring.put(op, key)) throw new Error('the epoch key does not fit');
    return commit;
  }

  /** A sealed text under the newest key. */
  async say(cid: string, body: string): Promise<Commit> {
    const { replica, ring } = this.room(cid);
    const e = ring.held.at(-1) as string;
    const epochKey = ring.key(e) as Uint8Array;
    const place = { cid, d: this.caller.device, ...replica.next(this.caller.device) };
    const message = { t: 'text/plain', b: { body }, m: 1 };
    const sealing = { epochKey, deviceSecret: nodeEngine.random(32) };
    const sealed = sealMessage(nodeEngine, sealing, place, message);
    return this.write(cid, { k: 'msg', sealed: { ...sealed, e } });
  }

  /** Pushes commits; the answer as the door gave it. */
  push(cid: string, commits: readonly Commit[]): Promise<Answer> {
    return this.pushBytes(`/v1/s/${cid}/pack`, packOf(commits));
  }

  create(commits: readonly Commit[]): Promise<Answer> {
    return this.pushBytes('/v1/s', packOf(commits));
  }

  pushBytes(path: string, body: Uint8Array): Promise<Answer> {
    return this.#doors().ask('POST', path, { caller: this.caller, body });
  }

  /** Fetches everything that the box has and this device has not, page by page; how many pages. */
  async sync(cid: string, max = 8_000_000): Promise<number> {
    const replica = this.replica(cid);
    for (let pages = 1; ; pages++) {
      const refs = await this.#doors().ask('GET', `/v1/s/${cid}/refs`, { caller: this.caller });
      if (!refs.isFine) throw new Error(refs.code);
      const want = (refs.json as [string, string][]).map((row) => row[1]);
      const body = { have: replica.heads.map(({ oid }) => oid), max, want };
      const page = await this.#doors().ask('POST', `/v1/s/${cid}/fetch`, {
        caller: this.caller,
        body,
      });
      const scanned = scanPack(page.bytes, nodeZlib, pageLimits);
      if (!scanned.ok) throw new Error(scanned.why);
      const bodies = (type: string): Uint8Array[] =>
        scanned.value.filter((object) => object.type === type).map((object) => object.body);
      const { no } = await replica.admit(bodies('commit'), bodies('blob'));
      if (no[0]) throw new Error(`refused by ${no[0][1]}`);
      if (page.headers['parley-more'] !== '1') return pages;
    }
  }

  /** Signs a draft of any kind, valid or not. */
  async sign(draft: Parameters<typeof payloadOf>[0]): Promise<Commit> {
    const signature = await this.#signer.sign('git', payloadOf(draft));
    const parsed = parseCommit(serialize(draft, this.#signer.publicKey, signature));
    if (!parsed.ok) throw new Error(parsed.why);
    return parsed.value;
  }

  #proposal(proposal: Pick<Proposal, 'k' | 'x' | 'sealed'>): Proposal {
    return { d: this.caller.device, seconds: this.#seconds++, ...proposal };
  }
}

/** A pack with these commits. */
export function packOf(commits: readonly Commit[]): Uint8Array {
  return writePack(
    commits.map(({ raw }) => gitObject('commit', raw)),
    nodeZlib,
  );
}

async function must<T>(
  parsed: Promise<{ ok: true; value: T } | { ok: false; rule: string; why: string }>,
): Promise<T> {
  const found = await parsed;
  if (!found.ok) throw new Error(`${found.rule}: ${found.why}`);
  return found.value;
}
