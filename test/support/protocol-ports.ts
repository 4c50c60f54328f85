import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import type { Engine, Zlib } from '#protocol/ports.ts';

/** The protocol's engine on node:crypto, with real randomness. */
export const nodeEngine: Engine = {
  verify: (key, message, signature) => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key).toString('base64url') };
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    return Promise.resolve(verify(null, message, publicKey, signature));
  },
  random: (length) => new Uint8Array(randomBytes(length)),
};

/** The same with randomness that a seed repeats: for vectors and for failures that can be shown again. */
export function seededEngine(seed: string): Engine {
  let drawn = 0;
  return {
    verify: nodeEngine.verify,
    random: (length) => {
      const blocks = Array.from({ length: Math.ceil(length / 64) }, () =>
        createHash('sha512').update(`${seed}/${drawn++}`).digest(),
      );
      return new Uint8Array(Buffer.concat(blocks)).slice(0, length);
    },
  };
}

/** The protocol's zlib on node:zlib. */
export const nodeZlib: Zlib = {
  inflate: (input, offset, maxBytes) => {
    try {
      // Node gives the engine back with `info`; its count of bytes tells where the stream ended.
      const { buffer, engine } = inflateSync(input.subarray(offset), {
        maxOutputLength: Math.max(maxBytes, 1),
        info: true,
      }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
      if (buffer.length > maxBytes) return undefined;
      return { bytes: new Uint8Array(buffer), consumed: engine.bytesWritten };
    } catch {
      return undefined;
    }
  },
  deflate: (bytes) => new Uint8Array(deflateSync(bytes)),
};
