import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '#kernel/clock.ts';
import { Serial } from '#kernel/serial.ts';
import { encode, type Json } from '#protocol/codec/canonical-json.ts';
import { fromB64u } from '#protocol/codec/text-form.ts';
import { verifyBlob } from '#protocol/crypto/verify-strict.ts';
import { foldFounding, type Ceremony } from '#protocol/mission/ceremony.ts';
import type { FoundingRecord } from '#protocol/mission/founding.ts';
import { postBytes, type Entry, type Post } from '#protocol/mission/founding-post.ts';
import type { Engine } from '#protocol/ports.ts';
import { refused, type Verdict } from '#protocol/verdict.ts';
import type { DurableRecord } from '#kernel/durable-record.ts';
import type { Outcome } from './errors.ts';
import { mostEntries, type FoundingFile, type Opening } from './founding-file.ts';

/** Answer to somebody who takes part. `next` is what to ask for with `after`. */
export interface FoundingNews {
  draft?: Opening;
  posts: Entry[];
  next: number;
  cid?: string;
}

/** What the relay needs to know of the mission, and what it hands over to it. */
export interface MissionMaker {
  /** The mission's cid once there is one. */
  cid(): string | undefined;
  /** Whether these `found` commits are valid on the genesis of this founding. */
  check(record: FoundingRecord, found: readonly Uint8Array[]): Promise<Verdict>;
  /** Makes the mission of all parties' `found` commits. Doing it twice does it once. */
  make(record: FoundingRecord, found: readonly Uint8Array[]): Promise<void>;
}

export interface FoundingDeps {
  record: DurableRecord<FoundingFile>;
  maker: MissionMaker;
  engine: Engine;
  clock: Clock;
  /** 16 bytes from the code on the box's console. */
  openingKey: Uint8Array;
  idleMs: number;
  /** Hears that there is something new to read. */
  onChange(): void;
}

/**
 * Relays the ceremony of a founding (F1–F5) among people who have no device yet. Only those who
 * hold the founding key, which is in the join code, can post; the box knows its public half, so
 * strangers on the network can neither spoil nor fill a founding. One founding at a time.
 */
export class Founding {
  readonly #deps: FoundingDeps;
  readonly #turn = new Serial();
  #file: FoundingFile | undefined;
  #isEnded = false;

  constructor(deps: FoundingDeps) {
    this.#deps = deps;
  }

  /** Whether people are founding a mission here at the moment. */
  get isUnderWay(): boolean {
    return this.#file !== undefined && !this.#isEnded && this.#deps.maker.cid() === undefined;
  }

  /** Whether a founding can still be read here. */
  get isKept(): boolean {
    return this.#file !== undefined;
  }

  /** Reads what was under way, and finishes a founding that a power cut kept from its last step. */
  async open(): Promise<void> {
    this.#file = await this.#deps.record.read();
    if (this.#file === undefined) return;
    const state = await this.#fold(this.#file.draft, this.#file.entries);
    this.#isEnded = state.ended !== undefined;
    await this.#makeIfComplete(state);
  }

  /** Everything after the first `after` posts. */
  news(after: number): FoundingNews {
    const cid = this.#deps.maker.cid();
    const entries = this.#file?.entries ?? [];
    return {
      ...(this.#file && { draft: this.#file.draft }),
      posts: entries.slice(after),
      next: entries.length,
      ...(cid !== undefined && { cid }),
    };
  }

  /**
   * Opens a founding. The same draft again is fine: the answer to the first may have been lost.
   * Whoever shows the opening key takes the place of a founding that no party has signed yet;
   * its people see another draft where theirs was.
   */
  begin(draft: Opening, openingKey?: Uint8Array): Promise<Outcome> {
    return this.#turn.run(async () => {
      const { maker, clock, idleMs } = this.#deps;
      if (maker.cid() !== undefined) return { code: 'SWARM_MISSION_EXISTS' };
      if (openingKey && !this.#isOpeningKey(openingKey)) return { code: 'SWARM_OPENING_KEY_WRONG' };
      if (this.#file && written(this.#file.draft) === written(draft)) return undefined;
      const isIdle = this.#file && clock.now() - this.#file.touchedMs >= idleMs;
      if (this.isUnderWay && !isIdle) {
        if (!openingKey) return { code: 'SWARM_FOUNDING_OPEN' };
        const isSigned = this.#file?.entries.some(({ post }) => post.t === 'found');
        if (isSigned) return { code: 'SWARM_FOUNDING_SIGNED' };
      }
      await this.#store({ draft, entries: [], touchedMs: clock.now() }, false);
      return undefined;
    });
  }

  /** Takes a post; one that is there already is fine. A post that proves a cheat is kept and ends it. */
  post(entry: Entry): Promise<Outcome> {
    return this.#turn.run(async () => {
      const file = this.#file;
      if (file === undefined) return { code: 'SWARM_FOUNDING_NONE' };
      if (file.entries.some(({ post }) => written(post) === written(entry.post))) return undefined;
      if (this.#deps.maker.cid() !== undefined) return { code: 'SWARM_MISSION_EXISTS' };
      if (this.#isEnded) return { code: 'SWARM_FOUNDING_NONE' };
      // First, since folding everything again is dear and the door is open to strangers.
      if (!(await this.#isByFoundingKey(file.draft, entry))) {
        return { code: 'SWARM_FOUNDING_POST_REFUSED', detail: { rule: 'F1' } };
      }
      const entries = [...file.entries, entry];
      const state = await this.#fold(file.draft, entries);
      const verdict = await this.#verdictOnLast(state, entry, entries.length);
      const isEnded = state.ended !== undefined;
      if (verdict.ok || isEnded) {
        await this.#store({ ...file, entries, touchedMs: this.#deps.clock.now() }, isEnded);
      }
      if (!verdict.ok)
        return { code: 'SWARM_FOUNDING_POST_REFUSED', detail: { rule: verdict.rule } };
      await this.#makeIfComplete(state);
      return undefined;
    });
  }

  /** Forgets a founding that is complete, once all its founders have logged in. */
  forget(): Promise<void> {
    return this.#turn.run(async () => {
      this.#file = undefined;
      await this.#deps.record.remove();
    });
  }

  /** In constant time: how long a wrong key takes says nothing about the right one. */
  #isOpeningKey(key: Uint8Array): boolean {
    const { openingKey } = this.#deps;
    return key.length === openingKey.length && timingSafeEqual(key, openingKey);
  }

  #isByFoundingKey({ fpk }: Opening, { post, s }: Entry): Promise<boolean> {
    const [key, signature] = [fromB64u(fpk, 32) as Uint8Array, fromB64u(s, 64) as Uint8Array];
    return verifyBlob(this.#deps.engine, 'swarm-charter-v1', key, postBytes(post), signature);
  }

  #fold({ d, fpk }: Opening, entries: readonly Entry[]): Promise<Ceremony> {
    return foldFounding(this.#deps.engine, d, fromB64u(fpk, 32) as Uint8Array, entries);
  }

  async #verdictOnLast(state: Ceremony, { post }: Entry, count: number): Promise<Verdict> {
    const verdict = state.verdicts.at(-1) as Verdict;
    if (!verdict.ok) return verdict;
    if (count > mostEntries(this.#file?.draft.d.n ?? 0)) return refused('F1', 'too many posts');
    if (post.t !== 'found' || !state.record) return verdict;
    return this.#deps.maker.check(state.record, [...state.found.values()]);
  }

  async #store(next: FoundingFile, isEnded: boolean): Promise<void> {
    await this.#deps.record.write(next);
    this.#file = next;
    this.#isEnded = isEnded;
    this.#deps.onChange();
  }

  async #makeIfComplete({ record, found, ended }: Ceremony): Promise<void> {
    if (!record || ended || found.size < record.d.n || this.#deps.maker.cid() !== undefined) return;
    await this.#deps.maker.make(record, [...found.values()]);
    this.#deps.onChange();
  }
}

function written(value: Opening | Post): string {
  return encode(value as unknown as Json);
}
