import { concat } from '#protocol/codec/bytes.ts';
import { kidOf } from '#protocol/media/kid.ts';
import type { FoundKey, ReceivedKey, ReceiverKeys } from '#protocol/media/receiver-keys.ts';
import { aes128Gcm, frameKey } from '#protocol/media/sframe/frame-key.ts';
import { FrameOpener } from '#protocol/media/sframe/frame-opener.ts';
import { readHeader } from '#protocol/media/sframe/header.ts';
import type { Cipher } from '#protocol/ports.ts';
import { cutFrame } from './frame-format.ts';
import { frameHash } from './frame-hash.ts';
import type { DropReason, Medium, ReceiveOptions } from './messages.ts';
import type { Tally } from './tally.ts';

/** A frame for the decoder, and whose it is. */
export interface OpenedFrame {
  data: Uint8Array<ArrayBuffer>;
  found: FoundKey;
}

/** Opens the frames of all others. One for each call, so that no receiver made anew can be fed old frames. */
export class IncomingFrames {
  readonly #cipher: Cipher;
  readonly #keys: ReceiverKeys;
  readonly #tally: Tally;
  readonly #openers = new WeakMap<ReceivedKey, Map<number, Promise<FrameOpener>>>();
  readonly #muted = new Set<string>();

  constructor(cipher: Cipher, keys: ReceiverKeys, tally: Tally) {
    this.#cipher = cipher;
    this.#keys = keys;
    this.#tally = tally;
  }

  /** Shows no further frame of this stream. */
  mute(device: string, session: string, stream: number): void {
    this.#muted.add(`${device}/${session}/${stream}`);
  }

  /** The frame for the decoder, or undefined if it must not be shown. `now` in milliseconds. */
  async open(
    { device, medium, id }: Pick<ReceiveOptions, 'device' | 'medium' | 'id'>,
    data: Uint8Array<ArrayBuffer>,
    now: number,
  ): Promise<OpenedFrame | undefined> {
    const opened = await this.#open(device, medium, data, now);
    if (typeof opened !== 'string') return opened;
    this.#tally.dropped(opened, id);
    return undefined;
  }

  async #open(
    device: string,
    medium: Medium,
    data: Uint8Array<ArrayBuffer>,
    now: number,
  ): Promise<OpenedFrame | DropReason> {
    const cut = cutFrame(medium, data);
    const header = cut && readHeader(cut.rest);
    if (cut === undefined || header === undefined) return 'malformed';
    const found = this.#keys.find(device, header.kid, now);
    if (!found.ok) return 'no-key';
    const { key, stream, place } = found.value;
    if (this.#muted.has(`${device}/${place.session}/${place.stream}`)) return 'muted';
    // Sound shown as a picture, or a screen as sound: the announcement decides, not the SFU.
    if ((stream.k === 'audio') !== (medium === 'audio')) return 'not-genuine';
    const opener = await this.#openerOf(key, place.stream);
    const opened = await opener.open(cut.rest, cut.clear);
    if (!opened.ok) return 'not-genuine';
    const { ctr, plain } = opened.value;
    const hash = await frameHash(data);
    const { stream: index, generation, session } = place;
    this.#tally.shown(device, session, { stream: index, generation, ctr, hash });
    return { data: concat(cut.clear, plain) as Uint8Array<ArrayBuffer>, found: found.value };
  }

  #openerOf(key: ReceivedKey, stream: number): Promise<FrameOpener> {
    const openers = this.#openers.get(key) ?? new Map<number, Promise<FrameOpener>>();
    this.#openers.set(key, openers);
    const kid = kidOf({ ...key, stream });
    const made =
      openers.get(stream) ??
      frameKey(this.#cipher, aes128Gcm, kid, key.base).then((made) => new FrameOpener(kid, made));
    openers.set(stream, made);
    return made;
  }
}
