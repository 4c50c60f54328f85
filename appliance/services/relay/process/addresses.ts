import { MAGIC_COOKIE } from './stun.ts';

/** A transport address, IPv4 in dotted form. */
export interface Peer {
  address: string;
  port: number;
}

const IPV4 = 1;

/** Reads an XOR-PEER-ADDRESS (RFC 8489 §14.2); undefined when it is not IPv4 or has a wrong length. */
export function readXorAddress(value: Buffer): Peer | undefined {
  if (value.length !== 8 || value[1] !== IPV4) return undefined;
  const port = value.readUInt16BE(2) ^ (MAGIC_COOKIE >>> 16);
  const bits = (value.readUInt32BE(4) ^ MAGIC_COOKIE) >>> 0;
  return { address: ipv4Text(bits), port };
}

/** Writes an XOR-…-ADDRESS for IPv4. */
export function xorAddress({ address, port }: Peer): Buffer {
  const value = Buffer.alloc(8);
  value[1] = IPV4;
  value.writeUInt16BE(port ^ (MAGIC_COOKIE >>> 16), 2);
  value.writeUInt32BE((ipv4Bits(address) ^ MAGIC_COOKIE) >>> 0, 4);
  return value;
}

/** The 32 bits of a dotted IPv4 address; NaN when it is none. */
export function ipv4Bits(address: string): number {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return Number.NaN;
  return parts.reduce((bits, part) => bits * 256 + part, 0);
}

function ipv4Text(bits: number): string {
  return [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255].join('.');
}
