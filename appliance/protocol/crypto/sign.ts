import { signedData } from '../codec/sshsig.ts';
import { signDetached, signingPair } from './nacl.ts';

/** Everything that a key of ours signs. A namespace says what for; the list is closed. */
export const namespaces = [
  'git',
  'swarm-cert-v1',
  'swarm-pop-v1',
  'swarm-charter-v1',
  'swarm-auth-v1',
  'parley-box-v1',
  'swarm-signal-v1',
  'swarm-frame-v1',
  'swarm-receipt-v1',
] as const;

/** One of `namespaces`. */
export type Namespace = (typeof namespaces)[number];

/**
 * Who can sign as an Ed25519 key, without saying where the secret lies: in a
 * non-extractable key of a browser, on a card, or in memory.
 */
export interface Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The raw 64-byte signature over `signable(namespace, message)`. */
  sign(namespace: Namespace, message: Uint8Array): Promise<Uint8Array>;
}

/**
 * The bytes that a platform's key must sign. Throws for a namespace that is not in
 * the list: a key holder can be talked into signing nothing else.
 */
export function signable(namespace: Namespace, message: Uint8Array): Uint8Array {
  if (!namespaces.includes(namespace)) throw new TypeError('not a namespace of ours');
  return signedData(namespace, message);
}

/** The raw signature of a message in a namespace by the key of a 32-byte seed (B2: deterministic). */
export function signBlob(namespace: Namespace, seed: Uint8Array, message: Uint8Array): Uint8Array {
  return signDetached(seed, signable(namespace, message));
}

/** A signer whose secret is a seed in memory. */
export function seedSigner(seed: Uint8Array): Signer {
  const { publicKey } = signingPair(seed);
  return {
    publicKey,
    sign: (namespace, message) => Promise.resolve(signBlob(namespace, seed, message)),
  };
}
