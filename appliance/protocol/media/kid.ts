import { fromB64u, toB64u } from '../codec/text-form.ts';

/** What a KID names (W2): the sender's page, its encoded stream and the generation of its key. */
export interface StreamKey {
  /** b64u of 24 random bits, drawn when the sender's program starts. */
  session: string;
  /** 0…255. */
  stream: number;
  /** 0…65 535. */
  generation: number;
}

/** The KID of an encoded stream: session 24 · stream 8 · generation 16 · zero 16. Throws TypeError for a malformed session. */
export function kidOf({ session, stream, generation }: StreamKey): bigint {
  const bytes = fromB64u(session, 3);
  if (bytes === undefined) throw new TypeError('not a session');
  const [a, b, c] = bytes as unknown as [number, number, number];
  const high = (BigInt(a) << 56n) | (BigInt(b) << 48n) | (BigInt(c) << 40n);
  return high | (BigInt(stream) << 32n) | (BigInt(generation) << 16n);
}

/** What a KID names; undefined for one that `kidOf` does not make. */
export function readKid(kid: bigint): StreamKey | undefined {
  if (kid < 0n || kid >> 64n !== 0n || (kid & 0xffffn) !== 0n) return undefined;
  const byte = (shift: bigint) => Number((kid >> shift) & 0xffn);
  return {
    session: toB64u(Uint8Array.of(byte(56n), byte(48n), byte(40n))),
    stream: byte(32n),
    generation: Number((kid >> 16n) & 0xffffn),
  };
}
