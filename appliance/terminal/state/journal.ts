import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Stop } from '../stop.ts';
import { syncDirectory } from './durable.ts';
import { seal, unseal } from './sealing.ts';

/** Longest frame: a transaction larger than this is none of ours, but a damaged length. */
const maxFrameBytes = 256 * 2 ** 20;

/** Where a frame stands in its file. */
export interface FramePlace {
  at: number;
  length: number;
  /** Its number, from 0 on: a frame opens only in its own place. */
  index: number;
}

/**
 * A file that only grows, frame by frame; each is sealed, and is there wholly or not at all. What
 * `append` has resolved for survives a kill and a power cut; a frame that was being written is cut
 * off at the next opening.
 */
export class Journal {
  readonly #path: string;
  readonly #key: Uint8Array;
  #file: FileHandle | undefined;
  #end = 0;
  #count = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(path: string, key: Uint8Array) {
    this.#path = path;
    this.#key = key;
  }

  /** Bytes on the disk. */
  get size(): number {
    return this.#end;
  }

  /** Opens the file, making it if absent, and hands over every frame in order. */
  async open(onFrame: (plain: Uint8Array, place: FramePlace) => void): Promise<void> {
    this.#file = await open(this.#path, 'a+', 0o600);
    try {
      await this.#replay(this.#file, onFrame);
    } catch (error) {
      await this.close();
      throw error;
    }
    await syncDirectory(dirname(this.#path));
  }

  /** On disk when it resolves; where it stands then. */
  append(plain: Uint8Array): Promise<FramePlace> {
    const appended = this.#turn.then(() => this.#append(plain));
    this.#turn = appended.catch(() => undefined);
    return appended;
  }

  /** The frame at a place; undefined if it was changed on the disk. */
  async read({ at, length, index }: FramePlace): Promise<Uint8Array | undefined> {
    const sealed = new Uint8Array(length);
    const { bytesRead } = await this.#open().read(sealed, 0, length, at + 4);
    return bytesRead === length ? unseal(this.#key, sealed, `frame ${index}`) : undefined;
  }

  /** Closes it when what is being written is there. Idempotent. */
  async close(): Promise<void> {
    await this.#turn;
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #replay(
    file: FileHandle,
    onFrame: (plain: Uint8Array, place: FramePlace) => void,
  ): Promise<void> {
    const { size } = await file.stat();
    while (this.#end < size) {
      const place = await this.#placeAt(this.#end, size);
      const plain = place && (await this.read(place));
      if (place && plain) {
        onFrame(plain, place);
        this.#end += 4 + place.length;
        this.#count += 1;
        continue;
      }
      // The last frame may be half there: nobody was told that it was kept. One in the middle
      // was whole once.
      if (place && this.#end + 4 + place.length < size) throw damaged(this.#path, this.#end);
      await file.truncate(this.#end);
      await file.sync();
      break;
    }
  }

  async #append(plain: Uint8Array): Promise<FramePlace> {
    const file = this.#open();
    const place = { at: this.#end, index: this.#count, length: 0 };
    const sealed = seal(this.#key, plain, `frame ${place.index}`);
    place.length = sealed.length;
    const head = Buffer.alloc(4);
    head.writeUInt32BE(sealed.length);
    try {
      await file.appendFile(Buffer.concat([head, sealed]));
      await file.datasync();
    } catch (error) {
      // A disk that was full holds half a frame: the next one must not stand behind it.
      await file.truncate(this.#end).catch(() => undefined);
      throw error;
    }
    this.#end += 4 + sealed.length;
    this.#count += 1;
    return place;
  }

  async #placeAt(at: number, size: number): Promise<FramePlace | undefined> {
    const head = Buffer.alloc(4);
    const { bytesRead } = await this.#open().read(head, 0, 4, at);
    const length = head.readUInt32BE();
    if (bytesRead < 4 || length > maxFrameBytes || at + 4 + length > size) return undefined;
    return { at, length, index: this.#count };
  }

  #open(): FileHandle {
    if (!this.#file) throw new Error(`${this.#path} is not open`);
    return this.#file;
  }
}

function damaged(path: string, at: number): Stop {
  return new Stop(
    `The file ${path} was changed at byte ${at}: this device cannot be used any more. Join again with a new invitation and a new --state directory.`,
  );
}
