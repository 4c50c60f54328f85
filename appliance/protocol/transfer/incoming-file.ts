import { equal } from '../codec/bytes.ts';
import { fromB64u, fromHex } from '../codec/text-form.ts';
import type { CipherKey, RunningHash } from '../ports.ts';
import { accepted, refused, type Parsed, type Verdict } from '../verdict.ts';
import { openChunk, sealChunk } from './chunk.ts';
import { layoutOf, plainRange, sealedRange, type Layout } from './layout.ts';
import { isFileOffer, type FileOffer } from './offer.ts';
import type { FilePorts } from './outgoing-file.ts';

/**
 * A file that comes in, chunk by chunk from the first. Nothing of it may be shown or kept as a file
 * before `end` accepts; after any refusal what came of it is to be destroyed.
 */
export class IncomingFile {
  readonly layout: Layout;
  readonly #offer: FileOffer;
  readonly #key: CipherKey;
  readonly #outer: RunningHash;
  readonly #inner: RunningHash;
  #next = 0;

  private constructor(offer: FileOffer, key: CipherKey, outer: RunningHash, inner: RunningHash) {
    this.layout = layoutOf(offer.size);
    this.#offer = offer;
    this.#key = key;
    this.#outer = outer;
    this.#inner = inner;
  }

  /** Gets ready for a file that a peer offers; refused if the offer has a bad form. */
  static async start(
    { cipher, hashes }: Pick<FilePorts, 'cipher' | 'hashes'>,
    offer: unknown,
  ): Promise<Parsed<IncomingFile>> {
    if (!isFileOffer(offer)) return refused('L6', 'the offer has a bad form');
    const raw = fromB64u(offer.key, 32) as Uint8Array;
    const parts = await Promise.all([cipher.key(raw), hashes.sha512(), hashes.sha3()]);
    return { ok: true, value: new IncomingFile(offer, ...parts) };
  }

  /** The chunk that comes next; `layout.chunks` when all are there. */
  get next(): number {
    return this.#next;
  }

  /** Opens the next chunk and returns its plaintext without padding, possibly empty. One call at a time. */
  async take(sealed: Uint8Array): Promise<Parsed<Uint8Array>> {
    const index = this.#next;
    if (index >= this.layout.chunks) return refused('S7.7', 'the file has no more chunks');
    const { from, to } = sealedRange(this.layout, index);
    if (sealed.length !== to - from) return refused('S7.7', 'the chunk has another size');
    const plain = await openChunk(this.#key, this.layout, index, sealed);
    if (plain === undefined) return refused('S7.7', 'the chunk is not the one that was sealed');
    const length = this.#lengthOf(index);
    // Padding that says something would carry data past the size that was announced.
    if (plain.subarray(length).some((byte) => byte !== 0)) {
      return refused('K19', 'the padding is not empty');
    }
    this.#count(sealed, plain.subarray(0, length));
    return { ok: true, value: plain.subarray(0, length) };
  }

  /**
   * Takes again the plaintext of the next chunk that was kept before a restart, so that
   * only the rest needs to be fetched. Throws RangeError if it has another length.
   */
  async restore(plain: Uint8Array): Promise<void> {
    const index = this.#next;
    if (index >= this.layout.chunks || plain.length !== this.#lengthOf(index)) {
      throw new RangeError('not the plaintext of the next chunk');
    }
    const { from, to } = plainRange(this.layout, index);
    const padded = new Uint8Array(to - from);
    padded.set(plain);
    this.#count(await sealChunk(this.#key, this.layout, index, padded), plain);
  }

  /** Whether the whole file is the one that was offered, by both hashes. Call once, after the last chunk. */
  end(): Verdict {
    if (this.#next !== this.layout.chunks) return refused('S7.7', 'the file is not whole');
    const outer = fromB64u(this.#offer.ch, 64) as Uint8Array;
    if (!equal(this.#outer.digest(), outer))
      return refused('S7.7', 'the ciphertext is another one');
    const inner = fromHex(this.#offer.sha3sum, 64) as Uint8Array;
    return equal(this.#inner.digest(), inner)
      ? accepted
      : refused('S7.7', 'the plaintext is another one');
  }

  #lengthOf(index: number): number {
    const { from, to } = plainRange(this.layout, index);
    return Math.max(0, Math.min(to, this.layout.size) - from);
  }

  #count(sealed: Uint8Array, plain: Uint8Array): void {
    this.#outer.update(sealed);
    this.#inner.update(plain);
    this.#next++;
  }
}
