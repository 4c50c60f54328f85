import { concat } from '#protocol/codec/bytes.ts';
import { kidOf } from '#protocol/media/kid.ts';
import type { SenderKey } from '#protocol/media/sender-keys.ts';
import { aes128Gcm, frameKey } from '#protocol/media/sframe/frame-key.ts';
import { FrameSealer } from '#protocol/media/sframe/frame-sealer.ts';
import type { Cipher } from '#protocol/ports.ts';
import { cutFrame } from './frame-format.ts';
import { frameHash } from './frame-hash.ts';
import type { Medium } from './messages.ts';
import type { Tally } from './tally.ts';

/**
 * Seals all frames that a device sends. One for each call, in one worker: it owns the counter of every KID,
 * so no two frames share a nonce, whatever senders come and go.
 */
export class OutgoingFrames {
  readonly #cipher: Cipher;
  readonly #tally: Tally;
  readonly #sessions = new Set<string>();
  #sealers = new Map<bigint, Promise<FrameSealer>>();
  #key: SenderKey | undefined;

  constructor(cipher: Cipher, tally: Tally) {
    this.#cipher = cipher;
    this.#tally = tally;
  }

  /** The session of the present key. */
  get session(): string | undefined {
    return this.#key?.session;
  }

  /** Seals under this key from now on. A key that is not newer changes nothing: its counters would start again. */
  use(key: SenderKey): void {
    const { session, generation } = key;
    const isSame = session === this.#key?.session;
    if (isSame ? generation <= (this.#key?.generation ?? -1) : this.#sessions.has(session)) return;
    this.#sessions.add(session);
    this.#key = key;
    this.#sealers = new Map();
  }

  /** The frame as it is sent, or undefined: without a key nothing goes out, least of all in clear. */
  async seal(
    medium: Medium,
    stream: number,
    data: Uint8Array,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const cut = cutFrame(medium, data);
    if (cut === undefined) {
      this.#tally.dropped('malformed');
      return undefined;
    }
    for (;;) {
      const key = this.#key;
      if (key === undefined) {
        this.#tally.dropped('no-key');
        return undefined;
      }
      const sealer = await this.#sealerOf(key, stream);
      const { ctr, bytes } = await sealer.seal(cut.rest, cut.clear);
      const sealed = concat(cut.clear, bytes) as Uint8Array<ArrayBuffer>;
      const hash = await frameHash(sealed);
      // Somebody left meanwhile: nothing may go out that he can open (W4).
      if (key !== this.#key) continue;
      this.#tally.sent(key.session, { stream, generation: key.generation, ctr, hash });
      return sealed;
    }
  }

  #sealerOf(key: SenderKey, stream: number): Promise<FrameSealer> {
    const kid = kidOf({ ...key, stream });
    const made =
      this.#sealers.get(kid) ??
      frameKey(this.#cipher, aes128Gcm, kid, key.base).then((made) => new FrameSealer(kid, made));
    this.#sealers.set(kid, made);
    return made;
  }
}
