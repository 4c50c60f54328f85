import { createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** RFC 8489 §5. */
export const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const INTEGRITY_BYTES = 24;
const FINGERPRINT_BYTES = 8;
const FINGERPRINT_XOR = 0x5354554e;

/** Attribute types of RFC 8489 §18.3, RFC 8656 §18. */
export const ATTRIBUTE = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  unknownAttributes: 0x000a,
  channelNumber: 0x000c,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  requestedAddressFamily: 0x0017,
  evenPort: 0x0018,
  requestedTransport: 0x0019,
  dontFragment: 0x001a,
  reservationToken: 0x0022,
  fingerprint: 0x8028,
} as const;

/** One attribute; `at` is where its header begins in the datagram. */
export interface Attribute {
  type: number;
  value: Buffer;
  at: number;
}

/** A STUN message with its attributes in order. */
export interface StunMessage {
  /** 0 request, 1 indication, 2 success, 3 error. */
  kind: number;
  method: number;
  transaction: Buffer;
  attributes: Attribute[];
  datagram: Buffer;
}

/** Reads a datagram; undefined unless every length in it is exactly right. Never throws. */
export function parseStun(datagram: Buffer): StunMessage | undefined {
  if (datagram.length < HEADER_BYTES || datagram.readUInt32BE(4) !== MAGIC_COOKIE) return undefined;
  const type = datagram.readUInt16BE(0);
  const length = datagram.readUInt16BE(2);
  if (type >> 14 !== 0 || length % 4 !== 0 || length + HEADER_BYTES !== datagram.length) {
    return undefined;
  }
  const attributes: Attribute[] = [];
  for (let at = HEADER_BYTES; at < datagram.length;) {
    const size = datagram.readUInt16BE(at + 2);
    const end = at + 4 + size;
    if (end > datagram.length) return undefined;
    attributes.push({ type: datagram.readUInt16BE(at), value: datagram.subarray(at + 4, end), at });
    at = end + ((4 - (size % 4)) % 4);
  }
  return {
    kind: ((type >> 7) & 2) | ((type >> 4) & 1),
    method: ((type >> 2) & 0xf80) | ((type >> 1) & 0x70) | (type & 0xf),
    transaction: datagram.subarray(8, HEADER_BYTES),
    attributes,
    datagram,
  };
}

/** What goes into a new message. */
export interface StunParts {
  kind: number;
  method: number;
  transaction: Buffer;
  attributes: readonly { type: number; value: Buffer }[];
  /** Adds MESSAGE-INTEGRITY. */
  key?: Buffer | undefined;
  hasFingerprint?: boolean;
}

/** Writes a message. */
export function encodeStun(parts: StunParts): Buffer {
  const { kind, method } = parts;
  const type =
    ((method & 0xf80) << 2) |
    ((kind & 2) << 7) |
    ((method & 0x70) << 1) |
    ((kind & 1) << 4) |
    (method & 0xf);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(type, 0);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  parts.transaction.copy(header, 8);
  let bytes = Buffer.concat([header, ...parts.attributes.map(attributeBytes)]);
  if (parts.key) {
    const value = integrityOf(bytes, parts.key);
    bytes = Buffer.concat([bytes, attributeBytes({ type: ATTRIBUTE.messageIntegrity, value })]);
  }
  if (parts.hasFingerprint) {
    const value = fingerprintOf(bytes);
    bytes = Buffer.concat([bytes, attributeBytes({ type: ATTRIBUTE.fingerprint, value })]);
  }
  bytes.writeUInt16BE(bytes.length - HEADER_BYTES, 2);
  return bytes;
}

/** Does this MESSAGE-INTEGRITY hold for what comes before it? In constant time. */
export function hasIntegrity(message: StunMessage, integrity: Attribute, key: Buffer): boolean {
  const expected = integrityOf(message.datagram.subarray(0, integrity.at), key);
  return integrity.value.length === expected.length && timingSafeEqual(integrity.value, expected);
}

/** Does this FINGERPRINT hold, and is it the last attribute? */
export function hasFingerprint(message: StunMessage, fingerprint: Attribute): boolean {
  const isLast = fingerprint.at + FINGERPRINT_BYTES === message.datagram.length;
  const expected = fingerprintOf(message.datagram.subarray(0, fingerprint.at));
  return isLast && expected.equals(fingerprint.value);
}

function attributeBytes({ type, value }: { type: number; value: Buffer }): Buffer {
  const bytes = Buffer.alloc(4 + value.length + ((4 - (value.length % 4)) % 4));
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

/** The header's length counts as if the attribute were the last (RFC 8489 §14.5, §14.7). */
function withLength(before: Buffer, extraBytes: number): Buffer {
  const copy = Buffer.from(before);
  copy.writeUInt16BE(before.length - HEADER_BYTES + extraBytes, 2);
  return copy;
}

function integrityOf(before: Buffer, key: Buffer): Buffer {
  return createHmac('sha1', key).update(withLength(before, INTEGRITY_BYTES)).digest();
}

function fingerprintOf(before: Buffer): Buffer {
  const value = Buffer.alloc(4);
  value.writeUInt32BE((crc32(withLength(before, FINGERPRINT_BYTES)) ^ FINGERPRINT_XOR) >>> 0, 0);
  return value;
}
