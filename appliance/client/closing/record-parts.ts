import type { RecordBytes } from '#protocol/export/record-bytes.ts';
import { recordPrefix } from '../files/file-record.ts';
import type { PartStore } from '../files/ports.ts';
import { problem } from '../problem.ts';
import type { EndDoor, Offer } from './end-door.ts';

/** One request carries and one record of the platform holds this much: a cut costs no more. */
const partBytes = 1_048_576;

/** A record on this device, in parts. */
export class RecordParts implements RecordBytes {
  readonly size: number;
  readonly #parts: PartStore;
  readonly #key: string;
  /** The part that was read last: headers are read in small steps. */
  #last: { index: number; bytes: Uint8Array } | undefined;

  constructor(parts: PartStore, { h, size }: Offer) {
    this.#parts = parts;
    this.size = size;
    this.#key = recordPrefix + h.slice(0, 43);
  }

  /** Bytes that are here, from the first without a gap. */
  async have(): Promise<number> {
    return Math.min((await this.#parts.count(this.#key)) * partBytes, this.size);
  }

  /** Fetches what is missing. Rejects when the box is away, or with `RECORD_DAMAGED`. */
  async fetch(
    door: EndDoor,
    onProgress: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    let from = await this.have();
    onProgress(from);
    while (from < this.size) {
      const to = Math.min(from + partBytes, this.size);
      const bytes = await door.part(from, to, signal);
      if (bytes.length !== to - from) throw problem('RECORD_DAMAGED');
      await this.#keep(from / partBytes, bytes);
      from = to;
      onProgress(from);
    }
  }

  /** Rejects with `RECORD_DAMAGED` if the platform lost some of it. */
  async read(from: number, to: number): Promise<Uint8Array> {
    const first = Math.floor(from / partBytes);
    const end = Math.ceil(to / partBytes);
    if (end - first <= 1) return this.#slice(first, from, to);
    const read = new Uint8Array(to - from);
    for (let index = first; index < end; index += 1) {
      const at = Math.max(from, index * partBytes);
      const slice = await this.#slice(index, at, Math.min(to, (index + 1) * partBytes));
      read.set(slice, at - from);
    }
    return read;
  }

  async remove(): Promise<void> {
    this.#last = undefined;
    await this.#parts.remove(this.#key);
  }

  async #keep(index: number, bytes: Uint8Array): Promise<void> {
    try {
      await this.#parts.write(this.#key, index, bytes);
    } catch (error) {
      throw problem('STORAGE_FAILED', error);
    }
  }

  async #slice(index: number, from: number, to: number): Promise<Uint8Array> {
    if (this.#last?.index !== index) {
      const bytes = await this.#parts.read(this.#key, index);
      const length = Math.min(partBytes, this.size - index * partBytes);
      if (bytes?.length !== length) throw problem('RECORD_DAMAGED');
      this.#last = { index, bytes };
    }
    const at = index * partBytes;
    return this.#last.bytes.subarray(from - at, to - at);
  }
}
