import { BoxRefusal, type Carrier, type Question } from '../exchange.ts';
import type { HttpReply } from '../ports.ts';

/** Time for one part over a slow radio link: a mebibyte at 150 kbit/s. */
const partMs = 60_000;

/** The box's doors for ciphertext. Nothing that comes from here is believed. */
export class FileDoor {
  readonly #carrier: Carrier;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  /** How many of `total` bytes the box has, counted from the first. */
  async have(address: string, total: number, signal: AbortSignal): Promise<number> {
    const reply = await this.#unlessMissing({ method: 'HEAD', path: pathOf(address), signal });
    if (reply === undefined) return 0;
    const [have, size] = ['parley-have', 'parley-size'].map((name) => reply.headers[name] ?? '');
    const isCount = /^\d{1,15}$/.test(have ?? '');
    // Of one hash there is one size; who names another has something else.
    if (!isCount || size !== String(total) || Number(have) > total) {
      throw new BoxRefusal(409, 'CLIENT_FILE_MALFORMED');
    }
    return Number(have);
  }

  /** Hands over the bytes from `from` on. */
  async put(
    address: string,
    { bytes, from, total }: { bytes: Uint8Array; from: number; total: number },
    signal: AbortSignal,
  ): Promise<void> {
    const range = `bytes ${from}-${from + bytes.length - 1}/${total}`;
    await this.#carrier.ask({
      method: 'PUT',
      path: pathOf(address),
      headers: { 'content-range': range, 'content-type': 'application/octet-stream' },
      body: bytes,
      patienceMs: partMs,
      signal,
    });
  }

  /** The bytes from `from` up to `to`, or whatever the box gives for them; undefined if it has none. */
  async get(
    address: string,
    { from, to }: { from: number; to: number },
    signal: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    const reply = await this.#unlessMissing({
      method: 'GET',
      path: pathOf(address),
      headers: { range: `bytes=${from}-${to - 1}` },
      patienceMs: partMs,
      maxBytes: to - from,
      signal,
    });
    return reply?.body;
  }

  async #unlessMissing(question: Question): Promise<HttpReply | undefined> {
    try {
      return await this.#carrier.ask(question);
    } catch (error) {
      if (error instanceof BoxRefusal && error.status === 404) return undefined;
      throw error;
    }
  }
}

function pathOf(address: string): string {
  return `/v1/f/${address}`;
}
