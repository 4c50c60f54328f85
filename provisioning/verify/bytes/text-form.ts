import type { Json } from '../bytes/canonical-json.ts';
import { refuse } from '../refusal.ts';

/** base64url without padding (SWARM §2). */
export function b64u(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

/** Bytes of a b64u text, of a length if one is given; refuses every other writing. */
export function fromB64u(value: Json | undefined, length?: number): Buffer {
  if (typeof value !== 'string') refuse('R5', 'bytes as text are expected');
  const bytes = Buffer.from(value, 'base64url');
  if (b64u(bytes) !== value) refuse('R5', 'bytes are not written in their one form');
  if (length !== undefined && bytes.length !== length) refuse('R5', `${length} bytes are expected`);
  return bytes;
}

/** Refuses unless the text is b64u of so many bytes; returns the text. */
export function bytesText(length: number): (value: Json | undefined) => string {
  return (value) => {
    fromB64u(value, length);
    return value as string;
  };
}

/** A `sid`, or any other hash of 64 bytes, as text. */
export const hash64 = bytesText(64);

/** 32 bytes as text: keys, nonces. */
export const bytes32 = bytesText(32);

/** Standard base64 with padding, one line. */
export function fromBase64(text: Json | undefined): Buffer {
  if (typeof text !== 'string') refuse('R5', 'base64 is expected');
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) refuse('R5', 'base64 is not written in its one form');
  return bytes;
}

const letters = 'abcdefghijklmnopqrstuvwxyz234567';

/** Lower-case base32 without padding. */
export function b32(bytes: Uint8Array): string {
  let [text, value, bits] = ['', 0, 0];
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += letters[(value >> (bits - 5)) & 31];
  }
  return bits > 0 ? text + letters[(value << (5 - bits)) & 31] : text;
}

/** Bytes of a b32 text that passed `fingerprint`. */
export function fromB32(text: string): Buffer {
  const bits = [...text]
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}

/** Refuses unless the text is b32 of 32 bytes: a fingerprint or a cid. */
export function fingerprint(value: Json | undefined): string {
  if (typeof value !== 'string' || !/^[a-z2-7]{51}[aq]$/.test(value)) {
    refuse('R5', 'a fingerprint is expected');
  }
  return value;
}

/** Refuses unless the text is b32 of 20 bytes: an epoch's id. */
export function epochId(value: Json | undefined): string {
  if (typeof value !== 'string' || !/^[a-z2-7]{32}$/.test(value)) refuse('R5', 'no id of an epoch');
  return value;
}

/** Orders texts by code units, as every "sorted" of the documents means it. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
