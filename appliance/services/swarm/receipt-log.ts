import { open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDirectoryDurably, syncDirectory, writeDurably } from '#kernel/durable-file.ts';
import { systemCode } from '#kernel/refusal.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import { decode, encode } from '#protocol/codec/canonical-json.ts';
import { H } from '#protocol/codec/hash.ts';
import { fields, type Guard } from '#protocol/codec/shape.ts';
import { toB64u } from '#protocol/codec/text-form.ts';

/** Signs a receipt with the box key, namespace `parley-box-v1`: 64 bytes. */
export type SignReceipt = (receipt: Uint8Array) => Promise<Uint8Array>;

/**
 * The receipts of one swarm (SWARM §11.3): a line of CJ `{"c":{"cid","p","sid","t"},"s"}` for each
 * commit the box took, `t` in seconds by the box's clock, `p` = H("receipt", line before), `s` by
 * the box key over CJ of `c`. Two chains of one box that differ prove that it lied (§11.8).
 */
export class ReceiptLog {
  readonly #path: string;
  readonly #cid: string;
  readonly #sign: SignReceipt;
  readonly #sids = new Set<string>();
  #last: string | undefined;
  #bytes = 0;

  constructor(path: string, cid: string, sign: SignReceipt) {
    this.#path = path;
    this.#cid = cid;
    this.#sign = sign;
  }

  /** Reads what is there; drops a line that a power cut left unfinished, which nobody was told of. */
  async open(): Promise<void> {
    const text = await this.#read();
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole !== text) await writeDurably(this.#path, utf8(whole));
    this.#bytes = utf8(whole).length;
    for (const line of whole.split('\n').slice(0, -1)) {
      const parsed = decode(line, 4096);
      if (!parsed.ok || !isLine(parsed.value)) throw new Error('the receipt log is damaged');
      this.#sids.add(parsed.value.c.sid);
      this.#last = line;
    }
  }

  /** Length in bytes of all whole lines. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The first bytes of it. Throws when there are not so many. */
  async beginning(bytes: number): Promise<Uint8Array> {
    const all = utf8(await this.#read());
    if (all.length < bytes) throw new Error('the receipt log is shorter than it was');
    return all.subarray(0, bytes);
  }

  has(sid: string): boolean {
    return this.#sids.has(sid);
  }

  /** Appends a line for each commit that has none; on the disk when it resolves. */
  async append(sids: readonly string[], seconds: number): Promise<void> {
    const lines: string[] = [];
    let last = this.#last;
    for (const sid of sids.filter((one) => !this.#sids.has(one))) {
      last = await this.#line(sid, seconds, last);
      lines.push(`${last}\n`);
    }
    if (lines.length === 0) return;
    await makeDirectoryDurably(dirname(this.#path));
    const file = await open(this.#path, 'a', 0o600);
    try {
      await file.appendFile(lines.join(''));
      await file.sync();
    } finally {
      await file.close();
    }
    if (this.#last === undefined) await syncDirectory(dirname(this.#path));
    this.#last = last;
    this.#bytes += utf8(lines.join('')).length;
    for (const sid of sids) this.#sids.add(sid);
  }

  async #line(sid: string, t: number, before: string | undefined): Promise<string> {
    const p = before === undefined ? '' : toB64u(H('receipt', before));
    const c = { cid: this.#cid, p, sid, t };
    return encode({ c, s: toB64u(await this.#sign(utf8(encode(c)))) });
  }

  async #read(): Promise<string> {
    try {
      return await readFile(this.#path, 'utf8');
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return '';
      throw error;
    }
  }
}

const isText: Guard<string> = (value) => typeof value === 'string';
const isTime: Guard<number> = (value) => typeof value === 'number';
const isLine = fields({
  c: fields({ cid: isText, p: isText, sid: isText, t: isTime }),
  s: isText,
});
