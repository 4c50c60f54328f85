import { isFingerprint } from '#protocol/codec/fingerprint.ts';
import { b64u, fields, integer, oneOf, text, type Guard } from '#protocol/codec/shape.ts';
import type { Json } from '#protocol/codec/canonical-json.ts';

/** First statement: a hash that binds a party before it knows the others (F1). */
export interface CommitPost {
  t: 'commit';
  fc: string;
  pfp: string;
  sig: string;
}

/** Second statement: what the hash was made of (F2). */
export interface RevealPost {
  t: 'reveal';
  p: Json;
  m: Json;
  d: Json;
  slot: number;
  rho: string;
  sig: string;
}

/** Two people have compared the safety code: equal (1) or not (0) (F5). */
export interface ComparedPost {
  t: 'compared';
  f: string;
  pfp: string;
  sig: string;
  ok: 0 | 1;
}

/** A party's raw `found` commit. */
export interface FoundPost {
  t: 'found';
  o: string;
}

/** Somebody ends the founding; `why` is a word of the app, never a text of a person. */
export interface EndPost {
  t: 'end';
  why: string;
}

/** One step of the ceremony, as the README's doors give it. */
export type Post = CommitPost | RevealPost | ComparedPost | FoundPost | EndPost;

/** A post with the signature of the founding key over its CJ, as it was sent. */
export interface Entry {
  post: Post;
  s: string;
}

const isObject: Guard<Json> = (value): value is Json => typeof value === 'object';
const isText: Guard<string> = text(1, 98_304);

const forms: Readonly<Record<Post['t'], Guard<unknown>>> = {
  commit: fields({ t: oneOf('commit'), fc: b64u(64), pfp: isFingerprint, sig: b64u(64) }),
  reveal: fields({
    t: oneOf('reveal'),
    p: isObject,
    m: isObject,
    d: isObject,
    slot: integer(0, 31),
    rho: b64u(32),
    sig: b64u(64),
  }),
  compared: fields({
    t: oneOf('compared'),
    f: b64u(64),
    pfp: isFingerprint,
    sig: b64u(64),
    ok: oneOf(0, 1),
  }),
  found: fields({ t: oneOf('found'), o: isText }),
  end: fields({ t: oneOf('end'), why: text(0, 64) }),
};

const isPost: Guard<Post> = (value): value is Post =>
  Object.values(forms).some((hasForm) => hasForm(value));

/** Whether the value is a post with a signature in the right form; nothing is verified yet. */
export const isEntry: Guard<Entry> = fields({ post: isPost, s: b64u(64) });
