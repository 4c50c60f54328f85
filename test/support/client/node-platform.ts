import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import type { Clock } from '#client/ports.ts';
import type { Engine, Zlib } from '#protocol/ports.ts';

/** DER head of an Ed25519 public key (RFC 8410). */
const ed25519Head = Buffer.from('302a300506032b6570032100', 'hex');

/** Verification and randomness of Node. */
export const nodeEngine: Engine = {
  verify(key, message, signature) {
    const der = Buffer.concat([ed25519Head, key]);
    const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return Promise.resolve(verify(null, message, publicKey, signature));
  },
  random: (length) => new Uint8Array(randomBytes(length)),
};

/** zlib of Node. */
export const nodeZlib: Zlib = {
  inflate(input, offset, maxBytes) {
    try {
      // With `info`, Node tells how much of the input the stream took; its types do not.
      const found = inflateSync(input.subarray(offset), {
        info: true,
        maxOutputLength: maxBytes + 1,
      }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
      if (found.buffer.length > maxBytes) return undefined;
      return { bytes: new Uint8Array(found.buffer), consumed: found.engine.bytesWritten };
    } catch {
      return undefined;
    }
  },
  deflate: (bytes) => new Uint8Array(deflateSync(bytes)),
};

/** Node's own time. */
export const nodeClock: Clock = {
  now: () => Date.now(),
  wait(ms, signal) {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
    });
  },
};
