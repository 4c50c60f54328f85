import type { Clock } from '#kernel/clock.ts';
import { Serial } from '#kernel/serial.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import { encode, type Json } from '#protocol/codec/canonical-json.ts';
import { b64u, fields, integer, list, text, type Guard } from '#protocol/codec/shape.ts';
import { fromB64u } from '#protocol/codec/text-form.ts';
import { verifyBlob } from '#protocol/crypto/verify-strict.ts';
import type { Engine } from '#protocol/ports.ts';
import type { Verdict } from '#protocol/verdict.ts';
import type { DurableRecord } from './durable-record.ts';
import type { RefusalDetail, SwarmCode } from './errors.ts';
import { mayFollow } from './founding-order.ts';
import { isEntry, type Entry, type FoundPost } from './founding-post.ts';

/** What is being founded: the draft D, the public half of the founding key, the sealed names. */
export interface Draft {
  d: { n: number } & { [key: string]: Json };
  fpk: string;
  names: string;
}

/** A founding as it lies in its file. */
export interface FoundingRecord {
  draft: Draft;
  entries: Entry[];
  /** When somebody last did something, in milliseconds since 1970. */
  touchedMs: number;
}

/** Answer to somebody who takes part. `next` is what to ask for with `after`. */
export interface FoundingNews {
  draft?: Draft;
  posts: Entry[];
  next: number;
  cid?: string;
}

/** What the relay needs to know of the mission, and what it hands over to it. */
export interface Ceremony {
  /** The mission's cid once there is one. */
  cid(): string | undefined;
  /** Whether a draft is one that this box can found. */
  checkDraft(draft: Draft): Verdict;
  /** Whether a post proves what it says, its order being right. */
  check(draft: Draft, entries: readonly Entry[], entry: Entry): Promise<Verdict>;
  /** Makes the mission of all parties' `found` commits. Doing it twice does it once. */
  complete(draft: Draft, entries: readonly Entry[]): Promise<void>;
}

/** Nothing wrong, or the code to refuse with. */
export type Outcome = undefined | { code: SwarmCode; detail?: RefusalDetail };

export interface FoundingDeps {
  record: DurableRecord<FoundingRecord>;
  ceremony: Ceremony;
  engine: Engine;
  clock: Clock;
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
  #now: FoundingRecord | undefined;

  constructor(deps: FoundingDeps) {
    this.#deps = deps;
  }

  /** Reads what was under way, and finishes a founding that a power cut kept from its last step. */
  async open(): Promise<void> {
    this.#now = await this.#deps.record.read();
    await this.#completeIfAllFound();
  }

  /** Everything after the first `after` posts. */
  news(after: number): FoundingNews {
    const cid = this.#deps.ceremony.cid();
    const entries = this.#now?.entries ?? [];
    return {
      ...(this.#now && { draft: this.#now.draft }),
      posts: entries.slice(after),
      next: entries.length,
      ...(cid !== undefined && { cid }),
    };
  }

  /** Opens a founding. The same draft again is fine: the answer to the first may have been lost. */
  begin(draft: Draft): Promise<Outcome> {
    return this.#turn.run(async () => {
      const { ceremony, clock } = this.#deps;
      if (ceremony.cid() !== undefined) return { code: 'SWARM_MISSION_EXISTS' };
      if (this.#now && encode(asJson(this.#now.draft)) === encode(asJson(draft))) return undefined;
      if (this.#now && this.#isAlive(this.#now)) return { code: 'SWARM_FOUNDING_OPEN' };
      const verdict = ceremony.checkDraft(draft);
      if (!verdict.ok)
        return { code: 'SWARM_FOUNDING_POST_REFUSED', detail: { rule: verdict.rule } };
      await this.#store({ draft, entries: [], touchedMs: clock.now() });
      return undefined;
    });
  }

  /** Takes a post; one that is there already is fine. */
  post(entry: Entry): Promise<Outcome> {
    return this.#turn.run(async () => {
      const { ceremony, clock } = this.#deps;
      const now = this.#now;
      if (now === undefined) return { code: 'SWARM_FOUNDING_NONE' };
      const written = encode(asJson(entry.post));
      if (now.entries.some((held) => encode(asJson(held.post)) === written)) return undefined;
      if (ceremony.cid() !== undefined) return { code: 'SWARM_MISSION_EXISTS' };
      if (hasEnded(now)) return { code: 'SWARM_FOUNDING_NONE' };
      if (!(await this.#isByFoundingKey(now.draft, written, entry.s))) {
        return { code: 'SWARM_FOUNDING_POST_REFUSED' };
      }
      const inOrder = mayFollow(entry.post, now.entries, now.draft.d.n);
      const verdict = inOrder.ok ? await ceremony.check(now.draft, now.entries, entry) : inOrder;
      if (!verdict.ok)
        return { code: 'SWARM_FOUNDING_POST_REFUSED', detail: { rule: verdict.rule } };
      await this.#store({ ...now, entries: [...now.entries, entry], touchedMs: clock.now() });
      await this.#completeIfAllFound();
      return undefined;
    });
  }

  /** Forgets a founding that is complete, once all its founders have logged in. */
  async forget(): Promise<void> {
    await this.#turn.run(async () => {
      this.#now = undefined;
      await this.#deps.record.remove();
    });
  }

  #isAlive(now: FoundingRecord): boolean {
    return !hasEnded(now) && this.#deps.clock.now() - now.touchedMs < this.#deps.idleMs;
  }

  #isByFoundingKey(draft: Draft, written: string, s: string): Promise<boolean> {
    const key = fromB64u(draft.fpk, 32);
    const signature = fromB64u(s, 64);
    if (key === undefined || signature === undefined) return Promise.resolve(false);
    return verifyBlob(this.#deps.engine, 'swarm-charter-v1', key, utf8(written), signature);
  }

  async #store(next: FoundingRecord): Promise<void> {
    await this.#deps.record.write(next);
    this.#now = next;
    this.#deps.onChange();
  }

  async #completeIfAllFound(): Promise<void> {
    const now = this.#now;
    if (now === undefined || hasEnded(now) || this.#deps.ceremony.cid() !== undefined) return;
    if (foundPosts(now.entries).length < now.draft.d.n) return;
    await this.#deps.ceremony.complete(now.draft, now.entries);
    this.#deps.onChange();
  }
}

/** The parties' `found` commits, in the order in which they came. */
export function foundPosts(entries: readonly Entry[]): FoundPost[] {
  return entries.map((entry) => entry.post).filter((post) => post.t === 'found');
}

function hasEnded(record: FoundingRecord): boolean {
  return record.entries.some((entry) => entry.post.t === 'end');
}

function asJson(value: Draft | Entry['post']): Json {
  return value as unknown as Json;
}

const isD: Guard<Draft['d']> = (value): value is Draft['d'] =>
  typeof value === 'object' && value !== null && integer(2, 32)((value as { n?: unknown }).n);

/** The form of a draft; what it says is judged by the ceremony. Names: 32 parties, sealed. */
export const isDraft: Guard<Draft> = fields({ d: isD, fpk: b64u(32), names: text(1, 32_768) });

/** The form of the file. At most five posts of each party, and the end. */
export const isFoundingRecord: Guard<FoundingRecord> = fields({
  draft: isDraft,
  entries: list(isEntry, 0, 32 * 5 + 1),
  touchedMs: integer(0, Number.MAX_SAFE_INTEGER),
});
