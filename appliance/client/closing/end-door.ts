import { integer, oneOf } from '#protocol/codec/shape.ts';
import { sidOf } from '#protocol/codec/fingerprint.ts';
import { fromB64u, fromBase64, fromHex } from '#protocol/codec/text-form.ts';
import { at, BoxRefusal, jsonOf, listAt, textAt, type Carrier } from '../exchange.ts';

/** A record as the box offers it; its signature is still to be judged. */
export interface Offer {
  /** SHA-512 of the whole in hex. */
  h: string;
  /** R, b64u of 64 bytes. */
  r: string;
  /** The box's signature, b64u of 64 bytes. */
  s: string;
  size: number;
}

/** How far the box is with the end, as it says. */
export interface EndNews {
  step: 'open' | 'sync' | 'building' | 'ready' | 'wiped';
  build?: { done: number; total: number };
  offer?: Offer;
  /** Seconds that the box has run since the close was final. */
  waited: number;
  /** Fingerprints of parties that it waits for: without a receipt that it finds true. */
  waits: readonly string[];
}

/** Time for one part over a slow radio link: a mebibyte at 150 kbit/s. */
const partMs = 60_000;

/** Longest certificate that is taken: one cannot fill this device (T7). */
const largestCertificate = 16_777_216;

/** Largest record that is taken, 1 TiB: sizes are counted, never added up beyond what counts exactly. */
const largestRecord = 2 ** 40;

const isStep = oneOf('open', 'sync', 'building', 'ready', 'wiped');
const isSize = integer(0, largestRecord);

/** The box's doors of the end. Nothing that comes from here is believed. */
export class EndDoor {
  readonly #open: Carrier;
  readonly #proven: Carrier;

  /** `open` asks as anybody, `proven` as this device. */
  constructor(open: Carrier, proven: Carrier) {
    this.#open = open;
    this.#proven = proven;
  }

  async news(signal: AbortSignal): Promise<EndNews> {
    const question = { method: 'GET', path: '/v1/end/state', signal } as const;
    const told = jsonOf(await this.#proven.ask(question));
    const step = at(told, 'step');
    if (!isStep(step)) throw new BoxRefusal(502, 'CLIENT_END_MALFORMED');
    const build = at(told, 'build');
    const [done, total] = [at(build, 'done'), at(build, 'total')];
    const offer = offerOf(at(told, 'record'));
    const waited = at(told, 'waited');
    return {
      step,
      waited: isSize(waited) ? waited : 0,
      waits: listAt(told, 'waits').filter((one) => typeof one === 'string'),
      ...(isSize(done) && isSize(total) && { build: { done, total } }),
      ...(offer && { offer }),
    };
  }

  /** The bytes of the record from `from` up to `to`, or whatever the box gives for them. */
  async part(from: number, to: number, signal: AbortSignal): Promise<Uint8Array> {
    const reply = await this.#proven.ask({
      method: 'GET',
      path: '/v1/end/record',
      headers: { range: `bytes=${from}-${to - 1}` },
      patienceMs: partMs,
      maxBytes: to - from,
      signal,
    });
    return reply.body;
  }

  /** Sids of the mission commits that the box took in since it sealed the record, as it says. */
  async sinceSealing(signal: AbortSignal): Promise<ReadonlySet<string>> {
    const question = { method: 'GET', path: '/v1/end/receipt', signal } as const;
    const told = listAt(jsonOf(await this.#proven.ask(question)), 'commits');
    const raws = told.flatMap((one) => (typeof one === 'string' ? (fromBase64(one) ?? []) : []));
    return new Set(raws.map(sidOf));
  }

  /** The certificate of whatever mission it is; undefined if there is none. */
  async certificate(signal: AbortSignal): Promise<Uint8Array | undefined> {
    try {
      const path = '/v1/end/certificate';
      const maxBytes = largestCertificate;
      return (await this.#open.ask({ method: 'GET', path, maxBytes, signal })).body;
    } catch (error) {
      if (error instanceof BoxRefusal && error.status === 404) return undefined;
      throw error;
    }
  }
}

function offerOf(told: unknown): Offer | undefined {
  const [h, r, s] = [textAt(told, 'h'), textAt(told, 'r'), textAt(told, 's')];
  const size = at(told, 'size');
  if (h === undefined || r === undefined || s === undefined || !isSize(size)) return undefined;
  const isWhole = fromHex(h, 64) && fromB64u(r, 64) && fromB64u(s, 64);
  return isWhole && size > 0 ? { h, r, s, size } : undefined;
}
