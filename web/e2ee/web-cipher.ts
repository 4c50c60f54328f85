import type { Cipher, CipherKey } from '#protocol/ports.ts';

/** AES-GCM and HKDF of WebCrypto: the same in a page, a worker and Node. */
export const webCipher: Cipher = {
  async key(bytes) {
    const key = await crypto.subtle.importKey('raw', own(bytes), 'AES-GCM', false, [
      'encrypt',
      'decrypt',
    ]);
    return cipherKey(key);
  },
  async derive(hash, secret, info, length) {
    const key = await crypto.subtle.importKey('raw', own(secret), 'HKDF', false, ['deriveBits']);
    const algorithm = { name: 'HKDF', hash, salt: new Uint8Array(0), info: own(info) };
    return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, length * 8));
  },
};

function cipherKey(key: CryptoKey): CipherKey {
  return {
    async seal(nonce, plain, data) {
      const sealed = await crypto.subtle.encrypt(parameters(nonce, data), key, own(plain));
      return new Uint8Array(sealed);
    },
    async open(nonce, sealed, data) {
      try {
        const plain = await crypto.subtle.decrypt(parameters(nonce, data), key, own(sealed));
        return new Uint8Array(plain);
      } catch {
        return undefined;
      }
    },
  };
}

function parameters(nonce: Uint8Array, data: Uint8Array | undefined): AesGcmParams {
  const iv = own(nonce);
  return { name: 'AES-GCM', iv, ...(data !== undefined && { additionalData: own(data) }) };
}

/** WebCrypto takes no view of memory that may be shared; ours never is. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
