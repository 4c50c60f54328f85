import { createHash } from 'node:crypto';
import { BoxAway, BoxRefusal, type Carrier, type Question } from '#client/exchange.ts';
import type { HttpReply } from '#client/ports.ts';

/** A box's shelf of ciphertext in memory, which a test makes fail or lie. */
export class FakeShelf implements Carrier {
  readonly files = new Map<string, { total: number; bytes: Uint8Array }>();
  readonly asked: string[] = [];
  /** Called before each answer; throwing takes its place. */
  onAsk: (question: Question) => void | Promise<void> = () => undefined;
  /** What a device gets to read in the place of what is there. */
  bend: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes;

  async ask(question: Question): Promise<HttpReply> {
    await Promise.resolve();
    if (question.signal.aborted) throw new BoxAway();
    this.asked.push(`${question.method} ${Object.values(question.headers ?? {})[0] ?? ''}`.trim());
    await this.onAsk(question);
    const address = question.path.slice('/v1/f/'.length);
    if (question.method === 'HEAD') return this.#head(address);
    if (question.method === 'PUT') return this.#put(address, question);
    return this.#get(address, question);
  }

  #head(address: string): HttpReply {
    const file = this.files.get(address);
    if (!file) throw new BoxRefusal(404, '');
    const [have, size] = [file.bytes.length, file.total];
    return {
      status: 200,
      headers: { 'parley-have': String(have), 'parley-size': String(size) },
      body: new Uint8Array(),
    };
  }

  #put(address: string, { headers, body = new Uint8Array() }: Question): HttpReply {
    const [, from, to, total] = /^bytes (\d+)-(\d+)\/(\d+)$/
      .exec(headers?.['content-range'] ?? '')
      ?.map(Number) ?? [0, 0, 0, 0];
    const file = this.files.get(address) ?? { total: total ?? 0, bytes: new Uint8Array() };
    if (from !== file.bytes.length) throw new BoxRefusal(409, 'FILES_OFFSET_WRONG');
    if (body.length !== (to ?? 0) - from + 1) throw new BoxRefusal(400, 'FILES_REQUEST_MALFORMED');
    const bytes = new Uint8Array(Buffer.concat([file.bytes, body]));
    const isWhole = bytes.length === total;
    if (isWhole && createHash('sha512').update(bytes).digest('hex') !== address) {
      this.files.delete(address);
      throw new BoxRefusal(409, 'FILES_HASH_WRONG');
    }
    this.files.set(address, { total: total ?? 0, bytes });
    return { status: 200, headers: {}, body: new Uint8Array() };
  }

  #get(address: string, { headers, maxBytes = Infinity }: Question): HttpReply {
    const file = this.files.get(address);
    if (file?.bytes.length !== file?.total || !file) throw new BoxRefusal(404, 'FILES_UNKNOWN');
    const [, from = 0, to = 0] =
      /^bytes=(\d+)-(\d+)$/.exec(headers?.['range'] ?? '')?.map(Number) ?? [];
    const body = this.bend(file.bytes.slice(from, to + 1));
    // As the carrier does with a body that does not end.
    if (body.length > maxBytes) throw new BoxRefusal(502, 'CLIENT_REPLY_TOO_LARGE');
    return { status: 206, headers: {}, body };
  }
}
