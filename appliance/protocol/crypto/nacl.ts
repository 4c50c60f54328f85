import nacl from 'tweetnacl';

/** A key pair; `secret` is the 32-byte seed (Ed25519) or scalar (X25519). */
export interface KeyPair {
  publicKey: Uint8Array;
  secret: Uint8Array;
}

/** The types of the package leave this door out; the code has it (NaCl's `crypto_core`). */
interface LowLevel {
  lowlevel: {
    crypto_core_hsalsa20(
      out: Uint8Array,
      input: Uint8Array,
      key: Uint8Array,
      constant: Uint8Array,
    ): number;
  };
}

const sigma = new TextEncoder().encode('expand 32-byte k');

/** Ed25519 key pair of a 32-byte seed (RFC 8032). */
export function signingPair(seed: Uint8Array): KeyPair {
  return { publicKey: nacl.sign.keyPair.fromSeed(seed).publicKey, secret: seed };
}

/** X25519 key pair of a 32-byte scalar (RFC 7748). */
export function agreementPair(scalar: Uint8Array): KeyPair {
  return { publicKey: nacl.scalarMult.base(scalar), secret: scalar };
}

/** Deterministic Ed25519 signature, 64 bytes (B2). */
export function signDetached(seed: Uint8Array, message: Uint8Array): Uint8Array {
  return nacl.sign.detached(message, nacl.sign.keyPair.fromSeed(seed).secretKey);
}

/** The reference verdict; accepts S+L and weak keys, so only `verifyStrict` may ask it. */
export function verifyDetached(
  key: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (key.length !== 32 || signature.length !== 64) return false;
  return nacl.sign.detached.verify(message, signature, key);
}

/** X25519; the result is all zero for a point of low order. */
export function multiply(scalar: Uint8Array, point: Uint8Array): Uint8Array {
  return nacl.scalarMult(scalar, point);
}

/** What `nacl.box.before` makes of a raw X25519 result. */
export function boxKey(shared: Uint8Array): Uint8Array {
  const key = new Uint8Array(32);
  (nacl as unknown as LowLevel).lowlevel.crypto_core_hsalsa20(
    key,
    new Uint8Array(16),
    shared,
    sigma,
  );
  return key;
}

/** XSalsa20-Poly1305: 16 bytes longer than the plaintext. Does not commit to its key. */
export function secretbox(plain: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array {
  return nacl.secretbox(plain, nonce, key);
}

/** Inverse of `secretbox`; undefined for any other key, nonce or byte. */
export function openSecretbox(
  box: Uint8Array,
  nonce: Uint8Array,
  key: Uint8Array,
): Uint8Array | undefined {
  if (nonce.length !== 24 || key.length !== 32) return undefined;
  return nacl.secretbox.open(box, nonce, key) ?? undefined;
}
