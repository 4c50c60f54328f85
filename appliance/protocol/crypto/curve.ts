import { ed25519 } from '@noble/curves/ed25519.js';

/**
 * Whether 32 bytes are an Ed25519 key of R-KEY: canonical, decodable and of prime
 * order. Under any other key some engines accept any message. Costs milliseconds.
 */
export function isPrimeOrderPoint(bytes: Uint8Array): boolean {
  try {
    const point = ed25519.Point.fromBytes(bytes, false);
    return !point.isSmallOrder() && point.isTorsionFree();
  } catch {
    return false;
  }
}
