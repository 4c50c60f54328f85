import { IncomingFile } from '#protocol/transfer/incoming-file.ts';
import { addressOf, type FileOffer } from '#protocol/transfer/offer.ts';
import { refused, accepted, type Verdict } from '#protocol/verdict.ts';
import { problem } from '../problem.ts';
import { keyOf } from './file-record.ts';
import type { FileDoor } from './file-door.ts';
import { chunksIn, partRange, partsOf } from './parts.ts';
import type { FilePlatform } from './ports.ts';

/**
 * Fetches one file part by part. Every chunk is authenticated before it is kept, and the whole is
 * checked by both hashes and its size; a refusal means that nothing of it may stay.
 */
export class Download {
  readonly #door: FileDoor;
  readonly #platform: FilePlatform;
  readonly #offer: FileOffer;
  #file: IncomingFile | undefined;
  #part = 0;

  constructor(door: FileDoor, platform: FilePlatform, offer: FileOffer) {
    this.#door = door;
    this.#platform = platform;
    this.#offer = offer;
  }

  /**
   * Goes on where it was: in this object after the way was lost, else with what is on disk.
   * Rejects when the box is away; whatever else went wrong, the object is of no more use.
   */
  async run(onProgress: (bytes: number) => void, signal: AbortSignal): Promise<Verdict> {
    const { parts } = this.#platform;
    const key = keyOf(this.#offer);
    const begun = await this.#begin(signal);
    if (!begun.ok) return begun;
    const file = this.#file as IncomingFile;
    while (this.#part < partsOf(file.layout)) {
      const range = partRange(file.layout, this.#part);
      onProgress(range.from);
      const bytes = await this.#door.get(addressOf(this.#offer), range, signal);
      if (!bytes) throw problem('FILE_GONE');
      if (bytes.length !== range.to - range.from) {
        return refused('F-FILE', 'the box gave another number of bytes');
      }
      const taken = await this.#take(file, bytes);
      if (!taken.ok) return taken;
      await parts.write(key, this.#part, bytes);
      this.#part += 1;
    }
    return file.end();
  }

  /** Takes in again what was kept before a restart: it is checked as if it came now. */
  async #begin(signal: AbortSignal): Promise<Verdict> {
    if (this.#file) return accepted;
    const { parts } = this.#platform;
    const key = keyOf(this.#offer);
    const started = await IncomingFile.start(this.#platform, this.#offer);
    if (!started.ok) return started;
    const count = await parts.count(key);
    while (this.#part < count && !signal.aborted) {
      const bytes = await parts.read(key, this.#part);
      const taken = await this.#take(started.value, bytes ?? new Uint8Array());
      if (!taken.ok) return taken;
      this.#part += 1;
    }
    signal.throwIfAborted();
    this.#file = started.value;
    return accepted;
  }

  async #take(file: IncomingFile, part: Uint8Array): Promise<Verdict> {
    for (const chunk of chunksIn(part)) {
      const taken = await file.take(chunk);
      if (!taken.ok) return taken;
    }
    return accepted;
  }
}
