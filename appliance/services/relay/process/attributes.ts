import { ATTRIBUTE, type Attribute } from './stun.ts';

/** Lengths a value may have: [least, most], in bytes. */
const LENGTHS = new Map<number, readonly [number, number]>([
  [ATTRIBUTE.username, [1, 128]],
  [ATTRIBUTE.realm, [1, 128]],
  [ATTRIBUTE.nonce, [1, 128]],
  [ATTRIBUTE.messageIntegrity, [20, 20]],
  [ATTRIBUTE.channelNumber, [4, 4]],
  [ATTRIBUTE.lifetime, [4, 4]],
  [ATTRIBUTE.xorPeerAddress, [8, 20]],
  [ATTRIBUTE.data, [0, 65_535]],
  [ATTRIBUTE.requestedAddressFamily, [4, 4]],
  [ATTRIBUTE.requestedTransport, [4, 4]],
  [ATTRIBUTE.evenPort, [1, 1]],
  [ATTRIBUTE.dontFragment, [0, 0]],
  [ATTRIBUTE.reservationToken, [8, 8]],
  [ATTRIBUTE.fingerprint, [4, 4]],
]);

/** Attribute types we understand; an unknown one below 0x8000 is answered with 420. */
export const KNOWN: ReadonlySet<number> = new Set(LENGTHS.keys());

/**
 * What the library may see. EVEN-PORT and DONT-FRAGMENT are left out: the first is a
 * wish of old RTP, the second is not possible here, and both make the library fail.
 */
export const PASSED_ON: ReadonlySet<number> = new Set([
  ATTRIBUTE.username,
  ATTRIBUTE.realm,
  ATTRIBUTE.nonce,
  ATTRIBUTE.channelNumber,
  ATTRIBUTE.lifetime,
  ATTRIBUTE.xorPeerAddress,
  ATTRIBUTE.requestedTransport,
]);

/** Has the value a length that its type allows? Unknown types are not judged here. */
export function isWellFormed({ type, value }: Attribute): boolean {
  const [least, most] = LENGTHS.get(type) ?? [0, 65_535];
  return value.length >= least && value.length <= most;
}
