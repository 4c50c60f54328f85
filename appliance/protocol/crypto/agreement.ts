import type { Engine } from '../ports.ts';
import { H32 } from '../codec/hash.ts';
import { agreementPair, boxKey, multiply, type KeyPair } from './nacl.ts';

/**
 * An X25519 key of ours, without saying where its secret lies. A browser makes
 * `shared` of `deriveBits` and `keyFromShared`.
 */
export interface AgreementKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The key of `nacl.box` between us and the peer; 32 bytes. */
  shared(peer: Uint8Array): Promise<Uint8Array>;
}

/** Fixed and non-zero after clamping; only its not being a multiple of the cofactor's points counts. */
const probe = new Uint8Array(32).fill(0x5a);

/**
 * K10: 32 bytes, canonical, and not of low order. With a low-order key every sender
 * has one constant shared key, which a stranger knows.
 */
export function isAgreementPoint(point: Uint8Array): boolean {
  if (point.length !== 32 || !isCanonical(point)) return false;
  return multiply(probe, point).some((byte) => byte !== 0);
}

/** Raw X25519, or undefined when it is zero (A2) or the point is not one of K10. */
export function agree(secret: Uint8Array, peer: Uint8Array): Uint8Array | undefined {
  if (!isAgreementPoint(peer)) return undefined;
  return multiply(secret, peer);
}

/** From the raw X25519 result to the key that `nacl.box` uses. */
export function keyFromShared(raw: Uint8Array): Uint8Array {
  return boxKey(raw);
}

/** An agreement key whose secret is a scalar in memory. */
export function scalarKey(scalar: Uint8Array): AgreementKey {
  return {
    publicKey: agreementPair(scalar).publicKey,
    shared: (peer) => Promise.resolve(boxKey(multiply(scalar, peer))),
  };
}

/**
 * A fresh pair for one use. `bound` (what it will seal) is mixed in, so that a
 * cloned random generator does not use one pair for two secrets (K16).
 */
export function freshPair(engine: Engine, ...bound: Uint8Array[]): KeyPair {
  return agreementPair(H32('n', engine.random(32), ...bound));
}

function isCanonical(point: Uint8Array): boolean {
  const top = point[31] as number;
  if (top > 0x7f) return false;
  if (top < 0x7f || point.subarray(1, 31).some((byte) => byte !== 0xff)) return true;
  return (point[0] as number) < 0xed;
}
