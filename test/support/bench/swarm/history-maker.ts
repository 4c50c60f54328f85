import { draftOf, type Proposal } from '#protocol/admit/draft.ts';
import type { RoomReplica } from '#protocol/admit/replica.ts';
import type { View } from '#protocol/admit/view.ts';
import type { Json } from '#protocol/codec/canonical-json.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { sealMessage } from '#protocol/crypto/message-seal.ts';
import { sealProfile } from '#protocol/crypto/profile-seal.ts';
import { writeVcard } from '#protocol/content/vcard.ts';
import type { KeyRing } from '#protocol/keys/key-ring.ts';
import { newEpoch } from '#protocol/keys/new-epoch.ts';
import { epochToWrite } from '#protocol/keys/rotation.ts';
import { file } from '#protocol/pack/node.ts';
import type { ChildState } from '#protocol/state/child-state.ts';
import { ballotsOf } from '#protocol/state/kinds/vote.ts';
import type { Op } from '#protocol/state/op.ts';
import type { SimDevice } from '../../swarm-simulator/device.ts';
import type { Story } from './story.ts';

/** A device with what it wrote last and what it knows: the end of its own branch. */
interface Writer {
  device: SimDevice;
  own: Op | undefined;
  heads: readonly Op[];
}

/** Messages that a device writes before it hears of the others. */
const longestBranch = 6;

/** Parents of a commit that joins branches (L4). */
const mostParents = 8;

/** One control commit among so many: two hundred in ten thousand. */
const controlEvery = 50;

/**
 * Writes a conversation as its devices would: all at the same time on branches of their own, which
 * are joined and begun again. One replica knows everything; a writer sees only its branch.
 */
export class HistoryMaker {
  /** Bytes of all texts, as people typed them. */
  textBytes = 0;
  messages = 0;
  readonly blobs: Uint8Array[] = [];
  readonly #room: RoomReplica;
  readonly #ring: KeyRing;
  readonly #writers: readonly Writer[];
  readonly #story: Story;
  #seconds = 1_800_100_000;
  #untilControl = controlEvery;
  #control = 0;

  constructor(room: RoomReplica, ring: KeyRing, writers: readonly SimDevice[], story: Story) {
    this.#room = room;
    this.#ring = ring;
    this.#story = story;
    this.#writers = writers.map((device) => ({
      device,
      own: room.newest(device.keys.dfp),
      heads: [],
    }));
  }

  /** Writes until the conversation has so many commits, all joined in one head. */
  async write(commits: number): Promise<void> {
    const joining = Math.ceil(this.#writers.length / 7) + 1;
    while (this.#room.size < commits - joining) {
      const begun = this.#room.heads;
      for (const writer of this.#writers) writer.heads = begun;
      const rest = this.#writers.map((writer) => ({
        writer,
        length: 1 + this.#story.below(longestBranch),
      }));
      for (let turn = 0; turn < longestBranch; turn += 1) {
        for (const { writer, length } of rest) {
          const isDue = turn < length && this.#room.size < commits - joining;
          if (isDue) await this.#step(writer);
        }
      }
      await this.#join();
    }
    while (this.#room.size < commits) {
      this.#firstWriter.heads = this.#room.heads;
      await this.#say(this.#firstWriter);
    }
  }

  /** Everybody hears of everybody: eight heads become one, until one is left. */
  async #join(): Promise<void> {
    while (this.#room.heads.length > 1) {
      const heads = this.#room.heads.slice(0, mostParents);
      const writer = this.#writers.find(({ own }) => own === heads[0]) ?? this.#firstWriter;
      writer.heads = heads;
      await this.#say(writer);
    }
  }

  async #step(writer: Writer): Promise<void> {
    this.#untilControl -= 1;
    if (this.#untilControl > 0) return this.#say(writer);
    this.#untilControl = controlEvery;
    this.#control += 1;
    switch (this.#control % 3) {
      case 0:
        return this.#rotate(writer);
      case 1:
        return this.#rename(writer);
      default:
        return this.#vote(writer);
    }
  }

  async #say(writer: Writer): Promise<void> {
    const e = this.#epochFor(writer);
    if (e === undefined) return this.#rotate(writer);
    const body = this.#story.text();
    const { device, own } = writer;
    const place = { cid: this.#cid, d: device.keys.dfp, ...nextAfter(own) };
    const sealing = { epochKey: this.#ring.key(e) as Uint8Array, deviceSecret: new Uint8Array(32) };
    const message = { t: 'text/plain', b: { body }, m: this.#seconds * 1000 };
    const sealed = sealMessage(device.engine, sealing, place, message);
    await this.#commit(writer, { k: 'msg', sealed: { ...sealed, e } });
    this.messages += 1;
    this.textBytes += Buffer.byteLength(body);
  }

  async #rotate(writer: Writer): Promise<void> {
    const { device, own } = writer;
    const place = { cid: this.#cid, d: device.keys.dfp, q: nextAfter(own).q };
    const { key, x } = newEpoch(device.engine, place, this.#view(writer), this.#ring, 'age');
    const op = await this.#commit(writer, { k: 'epoch', x: asJson(x) });
    if (!this.#ring.put(op, key)) throw new Error('the epoch key does not fit');
  }

  async #rename(writer: Writer): Promise<void> {
    const e = this.#epochFor(writer);
    if (e === undefined) return this.#rotate(writer);
    const sealing = { epochKey: this.#ring.key(e) as Uint8Array, deviceSecret: new Uint8Array(32) };
    const vcard = writeVcard({ title: this.#story.text().slice(0, 40), description: '' });
    const blob = file(sealProfile(writer.device.engine, sealing, vcard));
    this.blobs.push(blob.object.body);
    const profile = { blob, e };
    await this.#commit(writer, { k: 'profile', x: { h: toB64u(blob.th) }, profile });
  }

  /** Somebody wants somebody else to have a say, or not any more; nothing ever comes of it. */
  async #vote(writer: Writer): Promise<void> {
    const { state } = this.#view(writer);
    const { founders } = state.genesis;
    const { mfp, pfp } = writer.device.keys;
    // Only founders have a vote here, and nobody about the own party.
    if (!founders.includes(mfp)) return this.#rename(writer);
    const people = this.#writers.map(({ device }) => device.keys);
    const candidates = people.filter((one) => one.pfp !== pfp && !founders.includes(one.mfp));
    const u = this.#story.pick(candidates).mfp;
    const motion = {
      a: 'promote',
      basis: [...(state.decided.get(`member ${u}`) ?? [])],
      c: 'member',
      u,
    };
    const ch = ballotsOf(state, mfp, motion).length > 0 ? 'withdraw' : 'for';
    await this.#commit(writer, { k: 'vote', x: { ...motion, ch } });
  }

  /** Own check, signature, and in: as a device does it, but for knowing only its branch. */
  async #commit(
    writer: Writer,
    proposal: Pick<Proposal, 'k' | 'x' | 'sealed' | 'profile'>,
  ): Promise<Op> {
    const { device, heads, own } = writer;
    const whole = { d: device.keys.dfp, seconds: this.#seconds++, ...proposal };
    const missionHeads = this.#room.missionHeads();
    const draft = await draftOf(this.#room.swarm, this.#cid, whole, { heads, missionHeads, own });
    if (!draft.ok) throw new Error(`${proposal.k}: ${draft.rule}: ${draft.why}`);
    const commit = await device.sign(draft.value);
    const blobs = proposal.profile ? [proposal.profile.blob.object.body] : [];
    const answer = await this.#room.load([commit], blobs);
    const op = this.#room.op(commit.sid);
    if (!op) throw new Error(`${proposal.k}: ${JSON.stringify(answer.no)}`);
    writer.own = op;
    writer.heads = [op];
    return op;
  }

  #epochFor(writer: Writer): string | undefined {
    const { mission, state } = this.#view(writer);
    return epochToWrite(state, mission, this.#ring, writer.own?.generation ?? 0);
  }

  #view({ heads }: Writer): View<ChildState> {
    return this.#room.swarm.viewOf(heads, this.#room.missionHeads());
  }

  get #firstWriter(): Writer {
    return this.#writers[0] as Writer;
  }

  get #cid(): string {
    return this.#room.cid as string;
  }
}

function nextAfter(own: Op | undefined): { q: number; pq?: string } {
  return own === undefined ? { q: 0 } : { q: own.envelope.q + 1, pq: own.sid };
}

function asJson(x: object): { [key: string]: Json } {
  return x as { [key: string]: Json };
}
