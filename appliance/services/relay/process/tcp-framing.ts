import { MAGIC_COOKIE } from './stun.ts';

/** Largest message taken over TCP: stops a sender from making us hold and copy megabytes. */
const MAX_FRAME_BYTES = 8192;
const STUN_HEADER_BYTES = 20;
const CHANNEL_HEADER_BYTES = 4;

/** What a client sends over TCP, cut into STUN messages and ChannelData (RFC 8656 §3.1, §12.5). */
export class TcpFraming {
  #held: Buffer = Buffer.alloc(0);

  /** The messages that are whole by now; undefined when the stream is neither, and cannot be read on. */
  push(bytes: Buffer): Buffer[] | undefined {
    const all = this.#held.length > 0 ? Buffer.concat([this.#held, bytes]) : bytes;
    const messages: Buffer[] = [];
    let at = 0;
    while (all.length - at >= CHANNEL_HEADER_BYTES) {
      const size = sizeOf(all, at);
      if (size === undefined) return undefined;
      if (all.length - at < size) break;
      messages.push(all.subarray(at, at + size));
      at += size;
    }
    this.#held = all.subarray(at);
    return messages;
  }
}

/** ChannelData is filled up to four bytes over TCP; STUN messages are that long by themselves. */
export function tcpFrame(message: Buffer): Buffer {
  const missing = -message.length & 3;
  return missing === 0 ? message : Buffer.concat([message, Buffer.alloc(missing)]);
}

/** Length of the message that begins at `at`, of which four bytes are there. */
function sizeOf(bytes: Buffer, at: number): number | undefined {
  const kind = (bytes[at] ?? 0) >> 6;
  const length = bytes.readUInt16BE(at + 2);
  if (kind > 1) return undefined;
  const size =
    kind === 1 ? CHANNEL_HEADER_BYTES + length + (-length & 3) : STUN_HEADER_BYTES + length;
  if (size > MAX_FRAME_BYTES) return undefined;
  if (kind === 1) return size;
  // Told early, so that HTTP and other noise is not waited for.
  const isStun = bytes.length - at < 8 || bytes.readUInt32BE(at + 4) === MAGIC_COOKIE;
  return length % 4 === 0 && isStun ? size : undefined;
}
