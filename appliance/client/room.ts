import type { Json } from '#protocol/codec/canonical-json.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { writeVcard } from '#protocol/content/vcard.ts';
import { sealMessage } from '#protocol/crypto/message-seal.ts';
import { sealProfile } from '#protocol/crypto/profile-seal.ts';
import { epochsToGive, keysFor, shareTo } from '#protocol/keys/giving.ts';
import { newEpoch } from '#protocol/keys/new-epoch.ts';
import { epochToWrite, isRotationDue } from '#protocol/keys/rotation.ts';
import { file } from '#protocol/pack/node.ts';
import type { Engine } from '#protocol/ports.ts';
import { statusOf, type ChildState, type Status } from '#protocol/state/child-state.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import type { Proposal } from '#protocol/admit/draft.ts';
import type { Intent, LocalSwarm, Place } from './local-swarm.ts';
import type { Clock } from './ports.ts';
import { problem } from './problem.ts';
import type { RoomKeys } from './room-keys.ts';
import type { Self } from './self.ts';
import type { VaultChange } from './vault.ts';

/** Who writes in a room, and with what. */
export interface RoomDeps {
  engine: Engine;
  clock: Clock;
  self: Self;
}

/** One conversation as its member writes in it. */
export class Room {
  readonly cid: string;
  readonly swarm: LocalSwarm<ChildState>;
  readonly keys: RoomKeys;
  readonly #deps: RoomDeps;

  constructor(swarm: LocalSwarm<ChildState>, keys: RoomKeys, deps: RoomDeps) {
    this.cid = swarm.cid;
    this.swarm = swarm;
    this.keys = keys;
    this.#deps = deps;
  }

  /** What a member is here; undefined for a stranger, or while nothing of the room is known. */
  statusOf(member: string): Status | undefined {
    if (!this.swarm.isKnown) return undefined;
    const { state, mission } = this.swarm.replica.view();
    return statusOf(state, mission, member);
  }

  /** Takes the invitation (R22). */
  join(): Promise<Commit> {
    return this.#write('join', () => ({ x: {} }));
  }

  /** Invites a member with the keys to read at once (R21, K7). */
  async add(member: string): Promise<void> {
    const { engine } = this.#deps;
    const { hist } = this.swarm.replica.view().state.genesis;
    // Where the past is not for newcomers, it ends with a key that nothing was written under (K6).
    if (hist !== 'all') await this.#rotate('add');
    await this.#write('add', () => {
      const { state, mission } = this.swarm.replica.view();
      const eids = epochsToGive(state, this.keys.ring);
      const h = keysFor(engine, mission, this.keys.ring, member, eids);
      return { x: asJson({ m: member, r: 'member', ...(h && { h }) }) };
    });
  }

  /** Gives the newest keys to a device that has none (K6, K18). */
  async share(device: string): Promise<void> {
    const { state, mission } = this.swarm.replica.view();
    const eids = epochsToGive(state, this.keys.ring);
    const x = shareTo(this.#deps.engine, mission, this.keys.ring, device, eids);
    if (x) await this.#write('share', () => ({ x: asJson(x) }));
  }

  /**
   * Writes a sealed message, together with `changes`; a fresh epoch goes before it where one is
   * needed (K4).
   */
  async say(
    t: string,
    b: { [key: string]: Json },
    changes: readonly VaultChange[] = [],
  ): Promise<Commit> {
    const { engine, clock, self } = this.#deps;
    await this.#ensureEpoch();
    return this.#write(
      'msg',
      (place) => {
        const { eid, key } = this.#epoch();
        const sealing = { epochKey: key, deviceSecret: self.deviceSecret };
        const here = { cid: this.cid, d: self.dfp, ...place };
        const { body, pc } = sealMessage(engine, sealing, here, { t, b, m: clock.now() });
        return { sealed: { body, e: eid, pc } };
      },
      changes,
    );
  }

  /** Sets the sealed title (R31). */
  async rename(title: string): Promise<void> {
    const { engine, self } = this.#deps;
    await this.#ensureEpoch();
    const vcard = writeVcard({ title, description: '' });
    await this.#write('profile', () => {
      const { eid, key } = this.#epoch();
      const sealing = { epochKey: key, deviceSecret: self.deviceSecret };
      const blob = file(sealProfile(engine, sealing, vcard));
      return { x: { h: toB64u(blob.th) }, profile: { blob, e: eid } };
    });
  }

  /** Whether this device could write now without making a key that others miss. */
  get hasKey(): boolean {
    return this.#usable() !== undefined;
  }

  /** The epoch that seals signals of the moment; undefined without a key to write under. */
  epochForSignals(): { eid: string; epochKey: Uint8Array } | undefined {
    const eid = this.#usable();
    const epochKey = eid === undefined ? undefined : this.keys.ring.key(eid);
    return eid === undefined || !epochKey ? undefined : { eid, epochKey };
  }

  async #ensureEpoch(): Promise<void> {
    const eid = this.#usable();
    if (eid === undefined) await this.#rotate('write');
    else if (this.#isWorn(eid)) await this.#rotate('age');
  }

  /** K8: an epoch is changed after so many messages or days, by whoever notices first. */
  #isWorn(eid: string): boolean {
    const { replica } = this.swarm;
    const by = replica.view().state.epochs.get(eid)?.by;
    const madeSeconds = replica.commit(by ?? '')?.seconds ?? 0;
    // Not in display order: sorting a long history costs more than the message.
    const under = replica.swarm.graph.ops.filter(({ envelope }) => envelope.e === eid).length;
    return isRotationDue(under, this.#deps.clock.now() / 1000 - madeSeconds);
  }

  async #rotate(why: string): Promise<void> {
    const { engine, self } = this.#deps;
    let made: ReturnType<typeof newEpoch> | undefined;
    const commit = await this.swarm.write((place) => {
      const view = this.swarm.replica.view();
      const here = { cid: this.cid, d: self.dfp, q: place.q };
      made = newEpoch(engine, here, view, this.keys.ring, why);
      const { key, x } = made;
      const proposal = this.#proposal('epoch', { x: asJson(x) });
      return Promise.resolve({ proposal, changes: this.keys.changeFor(x.id, key) });
    });
    const op = this.swarm.replica.op(commit.sid);
    if (op && made) this.keys.ring.put(op, made.key);
  }

  #usable(): string | undefined {
    const { replica } = this.swarm;
    const { state, mission } = replica.view();
    const last = replica.newest(this.#deps.self.dfp)?.generation ?? 0;
    return epochToWrite(state, mission, this.keys.ring, last, this.keys.broken);
  }

  #epoch(): { eid: string; key: Uint8Array } {
    const eid = this.#usable();
    const key = eid === undefined ? undefined : this.keys.ring.key(eid);
    if (eid === undefined || !key) throw problem('CONVERSATION_LOCKED');
    return { eid, key };
  }

  #write(
    k: string,
    make: (place: Place) => Partial<Proposal>,
    changes: readonly VaultChange[] = [],
  ): Promise<Commit> {
    return this.swarm.write((place): Promise<Intent> => {
      return Promise.resolve({ proposal: this.#proposal(k, make(place)), changes });
    });
  }

  #proposal(k: string, rest: Partial<Proposal>): Proposal {
    const { clock, self } = this.#deps;
    return { k, d: self.dfp, seconds: minuteOf(clock.now()), ...rest };
  }
}

/** Claimed times in clear are rounded to the minute: they say less about who reads when. */
export function minuteOf(ms: number): number {
  return Math.floor(ms / 60_000) * 60;
}

/** Arguments whose type is narrower than an index signature lets it show. */
function asJson(x: object): { [key: string]: Json } {
  return x as { [key: string]: Json };
}
