import { concat } from '../../codec/bytes.ts';
import { refused, type Parsed } from '../../verdict.ts';
import { frameNonce, type FrameKey } from './frame-key.ts';
import { readHeader } from './header.ts';
import { ReplayWindow } from './replay-window.ts';

/** Opens the frames of one KID, each at most once (W3). */
export class FrameOpener {
  readonly #kid: bigint;
  readonly #key: FrameKey;
  readonly #window = new ReplayWindow();

  constructor(kid: bigint, key: FrameKey) {
    this.#kid = kid;
    this.#key = key;
  }

  /** Opens `header ‖ ciphertext ‖ tag` that came with this metadata. */
  async open(
    frame: Uint8Array,
    metadata: Uint8Array,
  ): Promise<Parsed<{ ctr: number; plain: Uint8Array }>> {
    const header = readHeader(frame);
    if (header?.kid !== this.#kid) return refused('W3', 'the frame is under another key');
    const ctr = Number(header.ctr);
    // A sender stops long before; a number that loses its last digits must not reach the window.
    if (!Number.isSafeInteger(ctr)) return refused('W3', 'the counter is out of range');
    if (!this.#window.isNew(ctr)) return refused('W3', 'the frame came before or is too old');
    const data = concat(frame.subarray(0, header.length), metadata);
    const nonce = frameNonce(this.#key.salt, header.ctr);
    const plain = await this.#key.key.open(nonce, frame.subarray(header.length), data);
    if (plain === undefined) return refused('W3', 'the frame does not open');
    // Only now, so that garbage moves nothing; and once more, in case a twin was opened meanwhile.
    if (!this.#window.take(ctr)) return refused('W3', 'the frame came before or is too old');
    return { ok: true, value: { ctr, plain } };
  }
}
