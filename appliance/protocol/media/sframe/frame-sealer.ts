import { concat } from '../../codec/bytes.ts';
import { frameNonce, type FrameKey } from './frame-key.ts';
import { writeHeader } from './header.ts';

/** Frames under one key, far below what AES-GCM bears (RFC 9605 §7.4.2); over a year of video. */
const maxFrames = 2 ** 32;

/** A frame as it is sent: header, ciphertext and tag, and its number. */
export interface SealedFrame {
  /** Counts from 0 within its KID. */
  ctr: number;
  bytes: Uint8Array;
}

/**
 * Seals the frames of one KID. It alone owns the counter, which is never stored or set: make one for
 * each KID, and for a KID only one, ever. Two would use one nonce for two frames.
 */
export class FrameSealer {
  readonly #kid: bigint;
  readonly #key: FrameKey;
  #next = 0;

  constructor(kid: bigint, key: FrameKey) {
    this.#kid = kid;
    this.#key = key;
  }

  /** Seals a frame; `metadata` is authenticated and travels beside it. Throws RangeError after 2³² frames. */
  async seal(plain: Uint8Array, metadata: Uint8Array): Promise<SealedFrame> {
    if (this.#next >= maxFrames) throw new RangeError('the key is used up');
    // Taken before anything is awaited, so that two calls at once never share a number.
    const ctr = this.#next++;
    const header = writeHeader({ kid: this.#kid, ctr: BigInt(ctr) });
    const nonce = frameNonce(this.#key.salt, BigInt(ctr));
    const sealed = await this.#key.key.seal(nonce, plain, concat(header, metadata));
    return { ctr, bytes: concat(header, sealed) };
  }
}
