import type { Json } from '../codec/canonical-json.ts';
import { utf8 } from '../codec/bytes.ts';
import { b64u, fields, integer, list, text, tuple, type Guard } from '../codec/shape.ts';

/** Largest text of a message in UTF-8 bytes (L6). */
export const maxTextBytes = 16_384;

/** Largest reaction in UTF-8 bytes (L6). */
export const maxReactionBytes = 64;

const sid = b64u(64);
const fingerprint = text(52, 52);
const name = atMost(256);

/**
 * The content types of SWARM §7.2 with the form of their bodies. A body of another
 * form makes the message void; a type that is not here is shown as unsupported.
 */
export const bodies = {
  'text/plain': fields({ body: atMost(maxTextBytes) }, { re: sid }),
  reaction: fields({ to: sid, body: atMost(maxReactionBytes) }),
  edit: fields({ of: sid, body: atMost(maxTextBytes) }),
  delete: fields({ of: sid }),
  'member-profile': fields({ name }, { avatar: atMost(32_768), proof: atMost(8_192) }),
  /** The opened charter's names, for everybody who was not a founder; see `H("names", text)`. */
  'mission-names': fields(
    { text: atMost(maxTextBytes) },
    // Parties that signed that the safety code matches (F5): fingerprint and signature.
    { compared: list(tuple(fingerprint, sid), 0, 32) },
  ),
  'call-start': fields({ conf: text(1, 64), dev: fingerprint, uri: text(1, 512) }),
  'call-end': fields({ conf: text(1, 64), dev: fingerprint, ms: count() }, { why: text(1, 32) }),
  'data-transfer': fields({
    tid: text(1, 64),
    name,
    size: count(),
    sha3sum: text(128, 128),
    ch: sid,
    key: b64u(32),
    chunk: integer(1, 1_048_576),
  }),
  board: fields({ id: text(1, 64), ops: list(anyObject, 0, 4_096) }),
  complaint: fields({ about: text(1, 128), why: text(1, 256) }),
} satisfies Record<string, Guard<object>>;

export type ContentType = keyof typeof bodies;

type Body<T extends ContentType> = (typeof bodies)[T] extends Guard<infer B> ? B : never;

/** A message with a known type and a body of its form. */
export type Content = { [T in ContentType]: { t: T; b: Body<T> } }[ContentType];

/** The content of an opened message; undefined if its type is known and its body is wrong (void). */
export function readContent(t: string, b: Json): Content | { t: 'unsupported' } | undefined {
  if (!Object.hasOwn(bodies, t)) return { t: 'unsupported' };
  const type = t as ContentType;
  return bodies[type](b) ? ({ t: type, b } as Content) : undefined;
}

function atMost(maxBytes: number): Guard<string> {
  return (value): value is string =>
    typeof value === 'string' && value.length <= maxBytes && utf8(value).length <= maxBytes;
}

function count(): Guard<number> {
  return integer(0, Number.MAX_SAFE_INTEGER);
}

function anyObject(value: unknown): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
