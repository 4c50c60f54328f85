import { concat, equal } from '../codec/bytes.ts';
import { toB64u, toHex } from '../codec/text-form.ts';
import type { Cipher, CipherKey, Engine, FileHashes } from '../ports.ts';
import { refused, type Parsed } from '../verdict.ts';
import { sealChunk } from './chunk.ts';
import { chunkBytes, layoutOf, plainRange, tagBytes, type Layout } from './layout.ts';
import type { FileOffer } from './offer.ts';

/** A file to be sent, wherever it lies. */
export interface FileToSend {
  name: string;
  /** Bytes. */
  size: number;
  /** The bytes from `from` up to `to`; may reject if the file is gone. */
  read(from: number, to: number): Promise<Uint8Array>;
}

/** What the platform does for files. */
export interface FilePorts {
  engine: Engine;
  cipher: Cipher;
  hashes: FileHashes;
}

/**
 * A file under a fresh key. It is read twice: once for its hashes, which name it, then for sending.
 * Chunks can be asked for in any order and again, so an upload goes on wherever the box is.
 */
export class OutgoingFile {
  readonly offer: FileOffer;
  readonly layout: Layout;
  readonly #file: FileToSend;
  readonly #key: CipherKey;
  readonly #tags: Uint8Array;

  private constructor(made: {
    offer: FileOffer;
    layout: Layout;
    file: FileToSend;
    key: CipherKey;
    tags: Uint8Array;
  }) {
    this.offer = made.offer;
    this.layout = made.layout;
    this.#file = made.file;
    this.#key = made.key;
    this.#tags = made.tags;
  }

  /**
   * Reads the file once and makes its offer; `onProgress` hears of bytes done. Throws RangeError for a
   * size out of range; rejects if the file cannot be read or is shorter than its size.
   */
  static async prepare(
    { engine, cipher, hashes }: FilePorts,
    file: FileToSend,
    onProgress?: (bytes: number) => void,
  ): Promise<OutgoingFile> {
    const layout = layoutOf(file.size);
    const raw = engine.random(32);
    const [key, outer, inner] = await Promise.all([
      cipher.key(raw),
      hashes.sha512(),
      hashes.sha3(),
    ]);
    const tags = new Uint8Array(layout.chunks * tagBytes);
    for (let index = 0; index < layout.chunks; index++) {
      const plain = await readChunk(file, layout, index);
      inner.update(plain.subarray(0, Math.max(0, file.size - plainRange(layout, index).from)));
      const sealed = await sealChunk(key, layout, index, plain);
      outer.update(sealed);
      tags.set(sealed.subarray(-tagBytes), index * tagBytes);
      onProgress?.(Math.min(plainRange(layout, index).to, file.size));
    }
    const offer: FileOffer = {
      tid: toB64u(engine.random(16)),
      name: file.name,
      size: file.size,
      sha3sum: toHex(inner.digest()),
      ch: toB64u(outer.digest()),
      key: toB64u(raw),
      chunk: chunkBytes,
    };
    return new OutgoingFile({ offer, layout, file, key, tags });
  }

  /**
   * Sealed chunk `index`. Refused if the file has changed since it was prepared: two texts under
   * one nonce would show their difference to whoever saw both.
   */
  async chunk(index: number): Promise<Parsed<Uint8Array>> {
    const plain = await readChunk(this.#file, this.layout, index);
    const sealed = await sealChunk(this.#key, this.layout, index, plain);
    const tag = this.#tags.subarray(index * tagBytes, (index + 1) * tagBytes);
    if (!equal(sealed.subarray(-tagBytes), tag)) return refused('K16', 'the file has changed');
    return { ok: true, value: sealed };
  }

  /** Sealed chunks `from` up to `to`, one after the other: the body of one request. */
  async chunks(from: number, to: number): Promise<Parsed<Uint8Array>> {
    const parts: Uint8Array[] = [];
    for (let index = from; index < to; index++) {
      const part = await this.chunk(index);
      if (!part.ok) return part;
      parts.push(part.value);
    }
    return { ok: true, value: concat(...parts) };
  }
}

/** Chunk `index` of the plaintext with its padding. */
async function readChunk(file: FileToSend, layout: Layout, index: number): Promise<Uint8Array> {
  const { from, to } = plainRange(layout, index);
  const end = Math.min(to, file.size);
  const plain = new Uint8Array(to - from);
  if (end <= from) return plain;
  const read = await file.read(from, end);
  if (read.length !== end - from) throw new Error('the file is not as long as it was');
  plain.set(read);
  return plain;
}
