import { fromUtf8, utf8 } from '#protocol/codec/bytes.ts';
import { encode, type Json } from '#protocol/codec/canonical-json.ts';
import { ReplyTooLarge, type HttpReply, type HttpRequest, type Network } from './ports.ts';

/** The box cannot be reached now. */
export class BoxAway extends Error {
  constructor(cause?: unknown) {
    super('the box did not answer', { cause });
    this.name = 'BoxAway';
  }
}

/** The box answered with a refusal. */
export class BoxRefusal extends Error {
  readonly status: number;
  /** The box's code or rule number, '' if it named none. */
  readonly code: string;

  constructor(status: number, code: string) {
    super(`the box refused: ${status} ${code}`);
    this.name = 'BoxRefusal';
    this.status = status;
    this.code = code;
  }

  /** Whether the same request may be fine later: limits delay, they never condemn (I3). */
  get isPassing(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}

/** What is asked of the box, before headers are added. */
export interface Question {
  method: HttpRequest['method'];
  path: string;
  body?: Uint8Array;
  headers?: Readonly<Record<string, string>>;
  /** Beyond what the box may take on purpose (long poll). */
  patienceMs?: number;
  /** Longest body that is taken, in bytes. */
  maxBytes?: number;
  signal: AbortSignal;
}

/** Carries one question to the box; sessions add their proof in front of it. */
export interface Carrier {
  /** The box's reply with a status below 300. Throws `BoxAway` or `BoxRefusal`. */
  ask(question: Question): Promise<HttpReply>;
}

/** Time for an answer over a weak Wi-Fi. */
const answerMs = 15_000;

/** Longest reply where the question names no limit: twice the largest page of a fetch (L3). */
const maxReplyBytes = 16 * 1_048_576;

/** Asks without proof of who asks. */
export class OpenCarrier implements Carrier {
  readonly #network: Network;

  constructor(network: Network) {
    this.#network = network;
  }

  async ask(question: Question): Promise<HttpReply> {
    const { patienceMs = 0, maxBytes = maxReplyBytes, ...request } = question;
    const timeoutMs = answerMs + patienceMs;
    let reply: HttpReply;
    try {
      reply = await this.#network.request({ ...request, timeoutMs, maxBytes });
    } catch (error) {
      if (error instanceof ReplyTooLarge) throw new BoxRefusal(502, 'CLIENT_REPLY_TOO_LARGE');
      throw new BoxAway(error);
    }
    if (reply.status < 300) return reply;
    const told = jsonOf(reply);
    throw new BoxRefusal(reply.status, textAt(told, 'code') ?? '');
  }
}

/** The body as JSON; undefined if it is none. */
export function jsonOf(reply: HttpReply): unknown {
  const text = fromUtf8(reply.body);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // What a peer sends is never exceptional: no JSON is an answer like any other.
    return undefined;
  }
}

/** A JSON body, in the one writing that the box reads. */
export function jsonBody(value: Json): Uint8Array {
  return utf8(encode(value));
}

/** A member of an object of unknown shape; undefined if there is none. */
export function at(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}

/** A text in an object of unknown shape. */
export function textAt(value: unknown, key: string): string | undefined {
  const found = at(value, key);
  return typeof found === 'string' ? found : undefined;
}

/** A list in an object of unknown shape; empty if there is none. */
export function listAt(value: unknown, key: string): readonly unknown[] {
  const found = at(value, key);
  return Array.isArray(found) ? found : [];
}
