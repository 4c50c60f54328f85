import { equal } from '#protocol/codec/bytes.ts';
import { encode, type Json } from '#protocol/codec/canonical-json.ts';
import { fromB64u, toB64u } from '#protocol/codec/text-form.ts';
import { foldFounding, type Ceremony } from '#protocol/mission/ceremony.ts';
import type { Post } from '#protocol/mission/founding-post.ts';
import {
  commitPost,
  comparedPost,
  revealPost,
  signPost,
} from '#protocol/mission/founding-steps.ts';
import { foundingSigner, revealedParty } from '#protocol/mission/founding.ts';
import type { FoundingRecord as Founded } from '#protocol/mission/founding.ts';
import type { Engine } from '#protocol/ports.ts';
import { backOffMs } from './bell.ts';
import { at, BoxRefusal } from './exchange.ts';
import { endOf, makeReveal, type FoundingRecord, type OwnFounding } from './founding-record.ts';
import { foundingView } from './founding-view.ts';
import type { FoundingView } from './model.ts';
import type { FoundingNews, OpenDoor } from './open-door.ts';
import type { Clock, DeviceKeys } from './ports.ts';
import { problem, type ProblemCode } from './problem.ts';
import { freshSecrets, selfOf } from './self.ts';
import type { Vault } from './vault.ts';

/** A founding that has become a mission. */
export interface CompleteFounding {
  founded: Founded;
  ceremony: Ceremony;
  posts: readonly unknown[];
  record: FoundingRecord;
}

/** What a founding needs of the engine around it. */
export interface FoundingDeps {
  engine: Engine;
  clock: Clock;
  vault: Vault;
  door: OpenDoor;
  /** Of the box, for the join link. */
  origin: string;
  device(): Promise<DeviceKeys>;
  /** Makes this party's `found` commit above the genesis of the founding, checked by the rules. */
  makeFound(founded: Founded, mine: OwnFounding): Promise<Uint8Array>;
  /** The cid that a founding must have (F4). */
  cidOf(founded: Founded): string;
  onChange(): void;
  /** All parties have signed, the box has the mission, and all of it was checked here. */
  onFounded(complete: CompleteFounding): Promise<void>;
}

/** The ceremony on this device (F1–F6): what it sends, and what it believes. */
export class Founding {
  readonly #deps: FoundingDeps;
  readonly #key: Uint8Array;
  #record: FoundingRecord;
  #ceremony: Ceremony | undefined;
  #posts: readonly unknown[] = [];
  #isFounded = false;
  #isMaking = false;

  constructor(deps: FoundingDeps, record: FoundingRecord) {
    this.#deps = deps;
    this.#record = record;
    this.#key = fromB64u(record.fk, 32) ?? new Uint8Array(32);
  }

  /** Whether this is the founding of a join code. */
  isOf(foundingKey: Uint8Array): boolean {
    return equal(foundingKey, this.#key);
  }

  view(): FoundingView {
    const now = {
      ...(this.#ceremony && { ceremony: this.#ceremony }),
      isMaking: this.#isMaking,
      isFounded: this.#isFounded,
    };
    return foundingView(this.#record, now, this.#deps.origin);
  }

  /** "We are this party": keys, certificates and ρ are kept, then the commitment goes out (F1). */
  async takeParty(slot: number, displayName: string, signal: AbortSignal): Promise<void> {
    const { draft, mine, ended } = this.#record;
    if (mine || ended || this.#isMaking) throw problem('FOUNDING_STEP');
    if (slot < 0 || slot >= draft.n || this.view().taken.includes(slot)) {
      throw problem('FOUNDING_SLOT');
    }
    this.#isMaking = true;
    this.#deps.onChange();
    try {
      const secrets = freshSecrets(this.#deps.engine, true);
      const self = selfOf(secrets, await this.#deps.device());
      const reveal = await makeReveal(this.#deps.engine, self, slot);
      await this.#keep({ mine: { secrets, displayName, reveal } });
    } finally {
      this.#isMaking = false;
      this.#deps.onChange();
    }
    await this.#tellNow(signal);
  }

  /** "It matches" or "It differs" (F5); the latter ends the founding for all. */
  async compare(matches: boolean, signal: AbortSignal): Promise<void> {
    const { mine, ended } = this.#record;
    if (!mine || !this.#ceremony?.f || ended) throw problem('FOUNDING_STEP');
    if (mine.matches !== undefined) throw problem('FOUNDING_STEP');
    await this.#keep({
      mine: { ...mine, matches: matches ? 1 : 0 },
      ...(!matches && { ended: 'FOUNDING_DIFFERS' }),
    });
    await this.#tellNow(signal);
  }

  /** "Sign the charter" (F3): the first commit of this device in the mission. */
  async sign(signal: AbortSignal): Promise<void> {
    const { mine, ended } = this.#record;
    const founded = this.#ceremony?.record;
    if (mine?.matches !== 1 || !founded || ended) throw problem('FOUNDING_STEP');
    if (mine.found === undefined) {
      const raw = await this.#deps.makeFound(founded, mine);
      await this.#keep({ mine: { ...mine, found: toB64u(raw) } });
    }
    await this.#tellNow(signal);
  }

  /** Tells the others that this device leaves, if they still wait for it. */
  async leave(signal: AbortSignal): Promise<void> {
    if (this.#record.ended || !this.#record.mine || this.#isFounded) return;
    try {
      await this.#post({ t: 'end', why: 'cancelled' }, signal);
    } catch {
      // Without the box nobody can be told; the others see that our party never signs.
    }
  }

  /** Follows the founding until it is complete, has ended, or `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    let after: number | undefined;
    while (!signal.aborted && !this.#isFounded && !this.#record.ended) {
      try {
        const news = await this.#deps.door.founding(after, signal);
        const isRest = after !== undefined && news.next >= after;
        this.#posts = isRest ? [...this.#posts, ...news.posts] : news.posts;
        await this.#judge(news);
        await this.#tell(signal);
        this.#deps.onChange();
        after = this.#posts.length;
        failures = 0;
        // A box that has the mission does not hold back its answers any more.
        if (news.cid !== undefined) await this.#deps.clock.wait(backOffMs(1), signal);
      } catch {
        // Box away, or one that refuses: asked again from the start, with growing pauses.
        after = undefined;
        failures += 1;
        await this.#deps.clock.wait(backOffMs(failures), signal);
      }
    }
  }

  /** Believes nothing that the box says: folds the posts and compares with what we sent. */
  async #judge(news: FoundingNews): Promise<void> {
    const { draft, mine } = this.#record;
    const isOurs = news.draft !== undefined && isSame(at(news.draft, 'd'), draft);
    if (!isOurs) {
      const ended = news.draft === undefined ? 'FOUNDING_CANCELLED' : 'FOUNDING_REPLACED';
      if (mine?.found === undefined) await this.#keep({ ended });
      return;
    }
    const key = foundingSigner(this.#key).publicKey;
    const ceremony = await foldFounding(this.#deps.engine, draft, key, this.#posts);
    this.#ceremony = ceremony;
    const end = this.#endFor(ceremony);
    if (end) await this.#keep({ ended: end });
    const { record, found } = ceremony;
    if (end || !record || found.size < draft.n || news.cid === undefined) return;
    // The box computed the genesis too; with another one it founded something else (F4).
    if (this.#deps.cidOf(record) !== news.cid) {
      await this.#keep({ ended: 'FOUNDING_CHEATED' });
      return;
    }
    const posts = this.#posts;
    await this.#deps.onFounded({ founded: record, ceremony, posts, record: this.#record });
    this.#isFounded = true;
  }

  #endFor(ceremony: Ceremony): ProblemCode | undefined {
    const { mine } = this.#record;
    const end = endOf(ceremony);
    if (end || !mine || !ceremony.list) return end;
    const party = revealedParty(mine.reveal);
    if (!ceremony.list.some(([pfp]) => pfp === party)) return 'FOUNDING_SAME_PARTY';
    // After we revealed for one list, another list is another founding (F2).
    return mine.list && !isSame(ceremony.list, mine.list) ? 'FOUNDING_CHEATED' : undefined;
  }

  async #tellNow(signal: AbortSignal): Promise<void> {
    this.#deps.onChange();
    try {
      await this.#tell(signal);
    } catch {
      // It is kept: the loop sends it as soon as the box answers.
    }
  }

  /** Sends what the posts lack of ours. The same post twice is one post. */
  async #tell(signal: AbortSignal): Promise<void> {
    const { draft, mine } = this.#record;
    if (!mine) return;
    const party = selfOf(mine.secrets, await this.#deps.device()).party;
    if (!party) return;
    const pfp = revealedParty(mine.reveal);
    const ceremony = this.#ceremony;
    if (mine.matches !== undefined && ceremony?.f && ceremony.compared.get(pfp) !== mine.matches) {
      await this.#post(await comparedPost(party, pfp, ceremony.f, mine.matches), signal);
    }
    if (this.#record.ended) return;
    if (!ceremony?.commitments.some(([of]) => of === pfp)) {
      await this.#post(await commitPost(party, draft, mine.reveal), signal);
    }
    if (ceremony?.list && !ceremony.reveals.has(pfp)) {
      const list = ceremony.list;
      await this.#keep({ mine: { ...mine, list } });
      await this.#post(await revealPost(party, list, mine.reveal), signal);
    }
    if (mine.found !== undefined && !ceremony?.found.has(pfp)) {
      await this.#post({ t: 'found', o: mine.found }, signal);
    }
  }

  async #post(post: Post, signal: AbortSignal): Promise<void> {
    const { s } = await signPost(foundingSigner(this.#key), post);
    try {
      await this.#deps.door.post(post as unknown as Json, s, signal);
    } catch (error) {
      // A refused post comes too late or twice; the next fold shows what is true.
      if (!(error instanceof BoxRefusal) || error.isPassing) throw error;
    }
  }

  async #keep(change: Partial<FoundingRecord>): Promise<void> {
    const next = { ...this.#record, ...change };
    await this.#deps.vault.write([{ key: 'founding', value: next }]);
    this.#record = next;
  }
}

/** Whether the box's value is ours. What CJ cannot hold is certainly not. */
function isSame(theirs: unknown, ours: unknown): boolean {
  try {
    return encode(theirs as Json) === encode(ours as Json);
  } catch {
    return false;
  }
}
