import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { readRange, type ByteRange } from './byte-range.ts';
import type { RouteReply } from './route.ts';

/** Downloads of files that are running, counted by device: none holds all file descriptors. */
export class Downloads {
  readonly #maxPerDeviceCount: number;
  readonly #counts = new Map<string, number>();

  constructor(maxPerDeviceCount: number) {
    this.#maxPerDeviceCount = maxPerDeviceCount;
  }

  /**
   * The answer that gives the device a file of `size` bytes, or what of it a `range` header asks
   * for; `crowd` if too many of its downloads run, `outside` for a range that the file does not have.
   */
  async begin(
    device: string,
    asked: string | undefined,
    size: number,
    open: () => Promise<FileHandle>,
  ): Promise<RouteReply | 'crowd' | 'outside'> {
    const range = readRange(asked, size);
    if (!range) return 'outside';
    if ((this.#counts.get(device) ?? 0) >= this.#maxPerDeviceCount) return 'crowd';
    const isPart = asked !== undefined;
    return {
      status: isPart ? 206 : 200,
      headers: {
        'parley-size': String(size),
        ...(isPart && { 'content-range': `bytes ${range.from}-${range.to}/${size}` }),
      },
      stream: await this.#stream(device, open, range),
      length: range.to - range.from + 1,
    };
  }

  /** A stream of these bytes; it closes the file. Counted before the file is open. */
  async #stream(
    device: string,
    open: () => Promise<FileHandle>,
    { from, to }: ByteRange,
  ): Promise<Readable> {
    this.#counts.set(device, (this.#counts.get(device) ?? 0) + 1);
    try {
      const stream = (await open()).createReadStream({ start: from, end: to });
      stream.once('close', () => this.#ended(device));
      return stream;
    } catch (error) {
      this.#ended(device);
      throw error;
    }
  }

  #ended(device: string): void {
    const left = (this.#counts.get(device) ?? 1) - 1;
    if (left > 0) this.#counts.set(device, left);
    else this.#counts.delete(device);
  }
}
