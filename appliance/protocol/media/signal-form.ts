import { isFingerprint, isSid } from '../codec/fingerprint.ts';
import { b64u, base64, fields, integer, list, oneOf, text, tuple } from '../codec/shape.ts';
import type { Guard } from '../codec/shape.ts';
import { fromBase64 } from '../codec/text-form.ts';

/** Longest session description in UTF-16 units; browsers write 5 000 to 20 000. Stops filling memory. */
export const maxSdp = 32_768;

/** Most devices that one media key is for; more than a conference holds. */
export const maxHolders = 128;

/** What a stream carries, as its sender says. */
export type StreamKind = 'audio' | 'video' | 'screen';

/** One encoded stream of a sender: its place in the KID, what it carries, and its simulcast layer. */
export interface StreamEntry {
  i: number;
  k: StreamKind;
  layer: number;
}

const call = b64u(16);
const epochName: Guard<string> = (value): value is string =>
  typeof value === 'string' && /^[a-z2-7]{32}$/.test(value);
const ending = fields({ call }, { why: text(1, 32) });
const description = fields({ call, sdp: text(1, maxSdp) });
const stream: Guard<StreamEntry> = fields({
  i: integer(0, 255),
  k: oneOf('audio', 'video', 'screen'),
  layer: integer(0, 3),
});
const candidate = fields({ a: text(0, 1024), i: integer(0, 255), mid: text(0, 64) });
const strokes = fields({ board: b64u(16), e: list(text(2, 32_768), 1, 64) });
const pointer = fields({
  board: b64u(16),
  p: tuple(integer(0, 2 ** 21), integer(0, 2 ** 21)),
});
const counter = integer(0, 2 ** 32 - 1);
// A second of one stream is at most a few hundred frames.
const hashes = base64(8, 8 * 1024);
const frameHashes: Guard<string> = (value): value is string =>
  hashes(value) && (fromBase64(value) as Uint8Array).length % 8 === 0;

/** Sealed to one device: form of the body by type. */
export const mailBodies = {
  /** Rings on every device of the callee. */
  call: fields({ call, k: oneOf('audio', 'video') }),
  accept: fields({ call }),
  /** Another device of yours has taken it. */
  answered: ending,
  decline: ending,
  busy: ending,
  hangup: ending,
  offer: description,
  answer: description,
  /** No candidate means that there will be no more. */
  ice: fields({ call, c: list(candidate, 0, 32) }),
  /** W1. `to`: every device that gets this key, the sender's own claim. Who only listens has no streams. */
  'media-key': fields(
    {
      base: b64u(32),
      conf: b64u(16),
      gen: integer(0, 65_535),
      mh: list(isSid, 1, 8),
      session: b64u(3),
      streams: list(stream, 0, 16),
      to: list(isFingerprint, 1, maxHolders),
    },
    { epoch: epochName },
  ),
} satisfies Record<string, Guard<object>>;

/** Sealed to a room: form of the body by type. */
export const ephemeralBodies = {
  /** W5, see `digest.ts`. `h` is missing in the first of a session. */
  digest: fields(
    {
      conf: b64u(16),
      session: b64u(3),
      st: list(tuple(integer(0, 255), integer(0, 65_535), counter, counter, frameHashes), 0, 32),
      w: integer(0, 2 ** 32 - 1),
    },
    { h: b64u(32) },
  ),
  board: ((value: unknown) => strokes(value) || pointer(value)) as Guard<
    { board: string; e: string[] } | { board: string; p: [number, number] }
  >,
  typing: fields({}),
} satisfies Record<string, Guard<object>>;

type BodyOf<G> = G extends Guard<infer B> ? B : never;

/** Types that are sealed to one device. */
export type MailType = keyof typeof mailBodies;
/** Types that are sealed to a room. */
export type EphemeralType = keyof typeof ephemeralBodies;
/** Every type of signal; the list is closed. */
export type SignalType = MailType | EphemeralType;

/** The body of a type. */
export type SignalBody<T extends SignalType> = T extends MailType
  ? BodyOf<(typeof mailBodies)[T]>
  : T extends EphemeralType
    ? BodyOf<(typeof ephemeralBodies)[T]>
    : never;

/** A known type with a body of its form. */
export type SignalContent<T extends SignalType = SignalType> = {
  [K in T]: { t: K; b: SignalBody<K> };
}[T];
