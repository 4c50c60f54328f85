import type { Json } from '#protocol/codec/canonical-json.ts';
import { fromB64u } from '#protocol/codec/text-form.ts';
import { at, BoxRefusal, jsonBody, jsonOf, listAt, textAt, type Carrier } from './exchange.ts';

/** What the box says of itself to anybody. */
export interface BoxState {
  /** Its claimed key: 32 bytes, to be compared with the hash from a code. */
  key: Uint8Array;
  /** The mission's cid, if there is one. */
  cid?: string;
  isFounding: boolean;
}

/** What is new of a founding; all of it is still to be checked. */
export interface FoundingNews {
  draft?: unknown;
  posts: readonly unknown[];
  next: number;
  cid?: string;
}

/** What became of a claim. */
export interface ClaimNews {
  /** What a lead's device is said to have answered (J4); unchecked. */
  answer?: unknown;
  isRefused: boolean;
  isAdmitted: boolean;
}

/** How long the box may hold back an answer until there is news. */
const longPollMs = 30_000;

/** The doors for people who have no device in the mission yet. */
export class OpenDoor {
  readonly #carrier: Carrier;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  async box(signal: AbortSignal): Promise<BoxState> {
    const told = await this.#get('/v1/box', signal);
    const key = fromB64u(textAt(told, 'bk') ?? '', 32);
    if (!key) throw new BoxRefusal(502, 'CLIENT_BOX_KEY_MISSING');
    const cid = textAt(told, 'mission');
    return { key, ...(cid !== undefined && { cid }), isFounding: at(told, 'founding') === true };
  }

  /**
   * News of the founding after the first `after` posts; waits at the box until there is some.
   * Without `after` everything, at once.
   */
  async founding(after: number | undefined, signal: AbortSignal): Promise<FoundingNews> {
    const path = after === undefined ? '/v1/founding' : `/v1/founding?after=${after}`;
    const told = await this.#get(path, signal, longPollMs);
    const next = at(told, 'next');
    const cid = textAt(told, 'cid');
    return {
      draft: at(told, 'draft'),
      posts: listAt(told, 'posts'),
      next: typeof next === 'number' ? next : 0,
      ...(cid !== undefined && { cid }),
    };
  }

  async openFounding(draft: Json, signal: AbortSignal): Promise<void> {
    await this.#post('/v1/founding', draft, signal);
  }

  /** Sends a post with the founding key's signature; the same post twice is fine. */
  async post(post: Json, s: string, signal: AbortSignal): Promise<void> {
    await this.#post('/v1/founding/posts', { post, s }, signal);
  }

  /** Hands in a claim; the same claim twice is the same id. */
  async claim(envelope: Json, signal: AbortSignal): Promise<string> {
    const id = textAt(await this.#post('/v1/claims', envelope, signal), 'id');
    if (id === undefined) throw new BoxRefusal(502, 'CLIENT_CLAIM_ID_MISSING');
    return id;
  }

  /** What became of the claim, once more than `known` things did. */
  async claimNews(id: string, known: number, signal: AbortSignal): Promise<ClaimNews> {
    const told = await this.#get(`/v1/claims/${id}?after=${known}`, signal, longPollMs);
    const answer = at(told, 'answer');
    return {
      ...(answer !== undefined && { answer }),
      isRefused: at(told, 'refused') === 1,
      isAdmitted: at(told, 'admitted') === 1,
    };
  }

  async #get(path: string, signal: AbortSignal, patienceMs = 0): Promise<unknown> {
    return jsonOf(await this.#carrier.ask({ method: 'GET', path, patienceMs, signal }));
  }

  async #post(path: string, body: Json, signal: AbortSignal): Promise<unknown> {
    const question = { method: 'POST', path, body: jsonBody(body), signal } as const;
    return jsonOf(await this.#carrier.ask(question));
  }
}
