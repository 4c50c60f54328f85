import { encode } from '#protocol/codec/canonical-json.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import { hmacSha512, sha512 } from '#protocol/codec/digest.ts';
import { isFingerprint } from '#protocol/codec/fingerprint.ts';
import { H, H32 } from '#protocol/codec/hash.ts';
import { b64u, fields } from '#protocol/codec/shape.ts';
import { toB64u } from '#protocol/codec/text-form.ts';

/** First message of a login: mission, device, its fresh X25519 key and nonce. */
export const isLoginStart = fields({
  c: isFingerprint,
  d: isFingerprint,
  ec: b64u(32),
  nc: b64u(32),
});

/** Second message of a login: the box's nonce and the device's signature. */
export const isLoginAnswer = fields({ nb: b64u(32), s: b64u(64) });

export interface LoginStart {
  c: string;
  d: string;
  ec: string;
  nc: string;
}

export function transcript(
  parts: LoginStart & { bk: string; eb: string; nb: string; t: string },
): Uint8Array {
  const { bk, c, d, eb, ec, nb, nc, t } = parts;
  return utf8(encode({ bk, c, d, eb, ec, nb, nc, t }));
}

export function sessionKey(shared: Uint8Array, bytes: Uint8Array): Uint8Array {
  return H32('sess', shared, H('transcript', bytes));
}

export function requestMac(
  key: Uint8Array,
  request: { method: string; path: string; counter: number; body: Uint8Array },
): Uint8Array {
  const { method, path, counter, body } = request;
  const text = encode({ b: toB64u(sha512(body)), m: method, n: counter, p: path });
  return hmacSha512(key, utf8(text)).subarray(0, 32);
}
