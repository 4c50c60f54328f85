import { utf8 } from '../codec/bytes.ts';
import { encode } from '../codec/canonical-json.ts';
import { hmacSha512, sha512 } from '../codec/digest.ts';
import { isFingerprint } from '../codec/fingerprint.ts';
import { H, H32 } from '../codec/hash.ts';
import { b64u, fields, type Guard } from '../codec/shape.ts';
import { toB64u } from '../codec/text-form.ts';

/** What the channel of a login is bound to (A3). */
export type Binding = 'tls-blind' | 'tls-ca' | 'http';

/** First message of a login: mission, device, its fresh X25519 key and 32-byte nonce (A2). */
export interface LoginStart {
  c: string;
  d: string;
  ec: string;
  nc: string;
}

/** What the box adds: its key, fresh X25519 key and nonce. */
export interface LoginOffer {
  bk: string;
  eb: string;
  nb: string;
}

/** Third message: the box's nonce again, and the device's signature over the transcript. */
export interface LoginAnswer {
  nb: string;
  s: string;
}

/** A request as its MAC sees it. */
export interface ProvenRequest {
  /** Upper case; `MQTT` for a broker login. */
  method: string;
  /** With the query; the client id for a broker login. */
  path: string;
  counter: number;
  body: Uint8Array;
}

/** Form of the first message. */
export const isLoginStart: Guard<LoginStart> = fields({
  c: isFingerprint,
  d: isFingerprint,
  ec: b64u(32),
  nc: b64u(32),
});

/** Form of the third message. */
export const isLoginAnswer: Guard<LoginAnswer> = fields({ nb: b64u(32), s: b64u(64) });

/**
 * What both sides sign (A2): the box in `parley-box-v1`, the device in
 * `swarm-auth-v1`. Each builds it itself, so nothing that the other chose alone is
 * signed, and a login relayed to another box names the wrong key.
 */
export function transcript(parts: LoginStart & LoginOffer & { t: string }): Uint8Array {
  const { bk, c, d, eb, ec, nb, nc, t } = parts;
  return utf8(encode({ bk, c, d, eb, ec, nb, nc, t }));
}

/** Key of a session (A4), 32 bytes, from the raw X25519 of the two fresh keys, which is not zero. */
export function sessionKey(shared: Uint8Array, transcriptBytes: Uint8Array): Uint8Array {
  return H32('sess', shared, H('transcript', transcriptBytes));
}

/** MAC of a request (A4), 32 bytes: covers method, path, body and the counter that ends replay. */
export function requestMac(key: Uint8Array, request: ProvenRequest): Uint8Array {
  const { method, path, counter, body } = request;
  const text = encode({ b: toB64u(sha512(body)), m: method, n: counter, p: path });
  return hmacSha512(key, utf8(text)).subarray(0, 32);
}

/** The 32-byte hash by which codes and claims name a box (A1). */
export function boxKeyHash(key: Uint8Array): Uint8Array {
  return H32('box-key', key);
}
