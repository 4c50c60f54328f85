import type { Json } from '#protocol/codec/canonical-json.ts';
import { b64u, fields, oneOf, type Guard } from '#protocol/codec/shape.ts';
import {
  isLinkEnd,
  isLinkOffer,
  isNewDeviceSays,
  type LinkEnd,
  type LinkOffer,
  type NewDeviceSays,
  type Signed,
} from '#protocol/identity/link.ts';
import { isLinkAnswer, type LinkAnswer } from '#protocol/identity/link-answer.ts';
import { isLinkHandover, type LinkHandover } from '#protocol/identity/link-handover.ts';
import { at, jsonBody, jsonOf, listAt, type Carrier } from '../exchange.ts';

/** What the old device says, each once. */
export type OldDeviceSays =
  | { k: 'commit'; h: string }
  | { k: 'answer'; a: LinkAnswer }
  | { k: 'handover'; h: LinkHandover }
  | { k: 'end'; why: LinkEnd };

/** What the box passed on of a link; all of it is still to be checked. */
export interface LinkHeard {
  offer?: LinkOffer;
  new: readonly Signed<NewDeviceSays>[];
  old: readonly OldDeviceSays[];
  /** How many things the box counts. */
  count: number;
}

const longPollMs = 30_000;
const isCommit = fields({ h: b64u(64), k: oneOf('commit') });
const isAnswer = fields({ a: isLinkAnswer, k: oneOf('answer') });
const isHandover = fields({ h: isLinkHandover, k: oneOf('handover') });
const isOldSays: Guard<OldDeviceSays> = (value): value is OldDeviceSays =>
  isCommit(value) || isAnswer(value) || isHandover(value) || isLinkEnd(value);

/** The doors for linking a device; `proven` is needed by the old one alone. */
export class LinkDoor {
  readonly #open: Carrier;
  readonly #proven: Carrier | undefined;

  constructor(open: Carrier, proven?: Carrier) {
    this.#open = open;
    this.#proven = proven;
  }

  /** Shows the new device's keys; the same twice is fine. */
  async offer(offer: LinkOffer, signal: AbortSignal): Promise<void> {
    await this.#post(this.#open, '/v1/links', offer as unknown as Json, signal);
  }

  /** Waits at the box until more than `heard` things are said; without it what there is, at once. */
  async hear(id: string, heard: number | undefined, signal: AbortSignal): Promise<LinkHeard> {
    const path = heard === undefined ? `/v1/links/${id}` : `/v1/links/${id}?after=${heard}`;
    const question = { method: 'GET', path, patienceMs: longPollMs, signal } as const;
    const told = jsonOf(await this.#open.ask(question));
    const offer = at(told, 'offer');
    const [news, olds] = [listAt(told, 'new'), listAt(told, 'old')];
    return {
      ...(isLinkOffer(offer) && { offer }),
      new: news.filter((one) => isNewDeviceSays(one)),
      old: olds.filter((one) => isOldSays(one)),
      count: news.length + olds.length,
    };
  }

  async sayNew(id: string, said: Signed<NewDeviceSays>, signal: AbortSignal): Promise<void> {
    await this.#post(this.#open, `/v1/links/${id}/new`, said as unknown as Json, signal);
  }

  async sayOld(id: string, say: OldDeviceSays, signal: AbortSignal): Promise<void> {
    const carrier = this.#proven ?? this.#open;
    await this.#post(carrier, `/v1/links/${id}/old`, say as unknown as Json, signal);
  }

  async #post(carrier: Carrier, path: string, body: Json, signal: AbortSignal): Promise<void> {
    await carrier.ask({ method: 'POST', path, body: jsonBody(body), signal });
  }
}
