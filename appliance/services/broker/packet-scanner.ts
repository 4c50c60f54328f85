/** A CONNECT needs no more: fingerprint, session id, proof, a short will. */
const MAX_FIRST_BYTES = 4096;
const CONNECT = 1;

/**
 * Follows the fixed headers of a stream of MQTT packets (MQTT 3.1.1 §2.2) without
 * keeping anything. It runs before the parser, which would collect up to 256 MB
 * for one announced packet, from a stranger too.
 */
export class PacketScanner {
  readonly #maxBytes: number;
  #state: 'type' | 'length' | 'body' = 'type';
  #isFirst = true;
  #left = 0;
  #shift = 0;

  /** `maxBytes` bounds what follows a fixed header. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** How many packets begin in this chunk; undefined when the connection must be cut. */
  scan(chunk: Uint8Array): number | undefined {
    let begun = 0;
    let at = 0;
    while (at < chunk.length) {
      if (this.#state === 'body') {
        const step = Math.min(this.#left, chunk.length - at);
        at += step;
        this.#left -= step;
        if (this.#left === 0) this.#state = 'type';
        continue;
      }
      const byte = chunk[at++] ?? 0;
      const isFine = this.#state === 'type' ? this.#readType(byte) : this.#readLength(byte);
      if (!isFine) return undefined;
      if (this.#state === 'length' && this.#shift === 0) begun += 1;
    }
    return begun;
  }

  #readType(byte: number): boolean {
    const type = byte >> 4;
    // 15 is AUTH of MQTT 5; the first packet must be CONNECT (MQTT-3.1.0-1).
    if (type === 0 || type === 15 || (this.#isFirst && type !== CONNECT)) return false;
    this.#state = 'length';
    this.#left = 0;
    this.#shift = 0;
    return true;
  }

  #readLength(byte: number): boolean {
    this.#left += (byte & 0x7f) << this.#shift;
    this.#shift += 7;
    if (this.#left > (this.#isFirst ? MAX_FIRST_BYTES : this.#maxBytes)) return false;
    if (byte & 0x80) return this.#shift < 28;
    this.#isFirst = false;
    this.#state = this.#left > 0 ? 'body' : 'type';
    return true;
  }
}
