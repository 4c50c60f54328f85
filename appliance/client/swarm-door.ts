import type { Json } from '#protocol/codec/canonical-json.ts';
import type { ClaimAnswer } from '#protocol/identity/claim-answer.ts';
import { at, jsonBody, jsonOf, listAt, textAt, type Carrier, type Question } from './exchange.ts';

/** A device's newest commit at the box, as the box says. */
export interface RefNews {
  device: string;
  oid: string;
  sid: string;
  q: number;
}

/** What the box says to a pack. */
export interface PushAnswer {
  /** Sids it has now. */
  ok: readonly string[];
  /** Sids it refused, with the rule. */
  no: readonly { sid: string; rule: string }[];
  /** Sids that wait for mission commits (M3). */
  parked: readonly string[];
}

/** Bytes that one page of history may have (L3). */
const pageBytes = 4 * 1024 * 1024;

/** The doors for devices of the mission; `carrier` adds the proof of who asks. */
export class SwarmDoor {
  readonly #carrier: Carrier;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  /** Swarms that this device may see: the mission and conversations. */
  async swarms(signal: AbortSignal): Promise<readonly { cid: string; parent?: string }[]> {
    const told = await this.#ask({ method: 'GET', path: '/v1/s', signal });
    const rows = Array.isArray(told) ? (told as unknown[]) : [];
    return rows.flatMap((row) => {
      const [cid, parent] = [textAt(row, 'cid'), textAt(row, 'parent')];
      return cid === undefined ? [] : [{ cid, ...(parent !== undefined && { parent }) }];
    });
  }

  async refs(cid: string, signal: AbortSignal): Promise<readonly RefNews[]> {
    const told = await this.#ask({ method: 'GET', path: `/v1/s/${cid}/refs`, signal });
    const rows = Array.isArray(told) ? (told as unknown[]) : [];
    return rows.flatMap((row) => {
      const [device, oid, sid, q]: unknown[] = Array.isArray(row) ? row : [];
      const isRef =
        typeof device === 'string' &&
        typeof oid === 'string' &&
        typeof sid === 'string' &&
        typeof q === 'number';
      return isRef ? [{ device, oid, sid, q }] : [];
    });
  }

  /** One page of what reaches `want` and is not reached by `have`, parents first. */
  async fetch(
    cid: string,
    have: readonly string[],
    want: readonly string[],
    signal: AbortSignal,
  ): Promise<{ pack: Uint8Array; hasMore: boolean }> {
    const body = jsonBody({ have: [...have], max: pageBytes, want: [...want] });
    const path = `/v1/s/${cid}/fetch`;
    const reply = await this.#carrier.ask({ method: 'POST', path, body, signal });
    return { pack: reply.body, hasMore: reply.headers['parley-more'] === '1' };
  }

  /** Hands in commits with what is new with them; `head` is this device's newest. */
  async push(
    cid: string,
    head: string,
    pack: Uint8Array,
    signal: AbortSignal,
  ): Promise<PushAnswer> {
    const path = `/v1/s/${cid}/pack?head=${head}`;
    return answerOf(await this.#ask({ method: 'POST', path, body: pack, signal }));
  }

  /** Hands in a new conversation, its genesis first. */
  async create(pack: Uint8Array, signal: AbortSignal): Promise<PushAnswer> {
    return answerOf(await this.#ask({ method: 'POST', path: '/v1/s', body: pack, signal }));
  }

  /** Claims for the caller's party, unchecked. */
  async claims(signal: AbortSignal): Promise<readonly unknown[]> {
    const told = await this.#ask({ method: 'GET', path: '/v1/claims', signal });
    return Array.isArray(told) ? (told as unknown[]) : listAt(told, 'claims');
  }

  /** Sends this device's bytes for the digits, signed (J4). */
  async answerClaim(id: string, answer: ClaimAnswer, signal: AbortSignal): Promise<void> {
    const body = jsonBody({ answer: answer as unknown as Json });
    await this.#ask({ method: 'POST', path: `/v1/claims/${id}`, body, signal });
  }

  async refuseClaim(id: string, signal: AbortSignal): Promise<void> {
    const body = jsonBody({ refuse: 1 });
    await this.#ask({ method: 'POST', path: `/v1/claims/${id}`, body, signal });
  }

  async #ask(question: Question): Promise<unknown> {
    return jsonOf(await this.#carrier.ask(question));
  }
}

function answerOf(told: unknown): PushAnswer {
  const texts = (key: string): string[] =>
    listAt(told, key).filter((value) => typeof value === 'string');
  return {
    ok: texts('ok'),
    parked: texts('parked'),
    no: listAt(told, 'no').flatMap((row) => {
      const [sid, rule]: unknown[] = Array.isArray(row) ? row : [at(row, 'sid'), at(row, 'rule')];
      return typeof sid === 'string' ? [{ sid, rule: String(rule) }] : [];
    }),
  };
}
