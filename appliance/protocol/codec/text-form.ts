/** Bytes as text: RFC 4648 alphabets whose size is a power of two, strict in both directions. */
interface Alphabet {
  symbols: string;
  bits: 4 | 5 | 6;
  values: Map<number, number>;
}

const hexadecimal = alphabet('0123456789abcdef', 4);
const base32 = alphabet('abcdefghijklmnopqrstuvwxyz234567', 5);
const common64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const base64url = alphabet(`${common64}-_`, 6);
const base64 = alphabet(`${common64}+/`, 6);

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  return write(bytes, hexadecimal);
}

/** Inverse of `toHex`; undefined for anything it does not write, or another `length` in bytes. */
export function fromHex(text: string, length?: number): Uint8Array | undefined {
  return read(text, hexadecimal, length);
}

/** Lower-case base32 without padding (`b32`, SWARM §2): safe as a file name. */
export function toB32(bytes: Uint8Array): string {
  return write(bytes, base32);
}

/** Inverse of `toB32`; undefined for anything it does not write, or another `length` in bytes. */
export function fromB32(text: string, length?: number): Uint8Array | undefined {
  return read(text, base32, length);
}

/** base64url without padding (`b64u`, SWARM §2). */
export function toB64u(bytes: Uint8Array): string {
  return write(bytes, base64url);
}

/** Inverse of `toB64u`; undefined for anything it does not write, or another `length` in bytes. */
export function fromB64u(text: string, length?: number): Uint8Array | undefined {
  return read(text, base64url, length);
}

/** Standard base64 with padding, one line. */
export function toBase64(bytes: Uint8Array): string {
  const text = write(bytes, base64);
  return text + '='.repeat(-text.length & 3);
}

/** Inverse of `toBase64`; undefined for anything that it does not write. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return read(text.slice(0, text.length - padding), base64);
}

function alphabet(symbols: string, bits: 4 | 5 | 6): Alphabet {
  return { symbols, bits, values: new Map(Array.from(symbols, (s, i) => [s.charCodeAt(0), i])) };
}

function write(bytes: Uint8Array, { symbols, bits }: Alphabet): string {
  const mask = (1 << bits) - 1;
  let text = '';
  let held = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xffff;
    held += 8;
    while (held >= bits) {
      held -= bits;
      text += symbols[(pending >> held) & mask];
    }
  }
  if (held > 0) text += symbols[(pending << (bits - held)) & mask];
  return text;
}

function read(text: string, from: Alphabet, length?: number): Uint8Array | undefined {
  const { bits, values } = from;
  const size = Math.floor((text.length * bits) / 8);
  if (length !== undefined && size !== length) return undefined;
  // A last symbol that carries no whole bit of any byte would be a second writing.
  if (Math.ceil((size * 8) / bits) !== text.length) return undefined;
  const bytes = new Uint8Array(size);
  let held = 0;
  let pending = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const value = values.get(text.charCodeAt(i));
    if (value === undefined) return undefined;
    pending = ((pending << bits) | value) & 0xffff;
    held += bits;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = (pending >> held) & 0xff;
    }
  }
  // Unused bits are zero, so that one byte string has one text.
  return (pending & ((1 << held) - 1)) === 0 ? bytes : undefined;
}
