import type { Json } from '#protocol/codec/canonical-json.ts';
import {
  isLinkOffer,
  isNewDeviceSays,
  type LinkOffer,
  type NewDeviceSays,
  type Signed,
} from '#protocol/identity/link.ts';
import { isOldDeviceSays, type OldDeviceSays } from '#protocol/identity/link-says.ts';
import { at, jsonBody, jsonOf, listAt, type Carrier } from '../exchange.ts';

/** What the box passed on of a link; all of it is still to be checked. */
export interface LinkHeard {
  offer?: LinkOffer;
  new: readonly Signed<NewDeviceSays>[];
  old: readonly OldDeviceSays[];
  /** How many things the box counts. */
  count: number;
}

const longPollMs = 30_000;

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
      old: olds.filter((one) => isOldDeviceSays(one)),
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
