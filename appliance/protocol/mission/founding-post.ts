import { utf8 } from '../codec/bytes.ts';
import { encode, type Json } from '../codec/canonical-json.ts';
import { isFingerprint } from '../codec/fingerprint.ts';
import { b64u, fields, oneOf, text, type Guard } from '../codec/shape.ts';
import { revealFields, type Reveal } from './founding.ts';

/** First step: a hash that binds a party before it knows the others (F1). */
export interface CommitPost {
  t: 'commit';
  fc: string;
  pfp: string;
  sig: string;
}

/** Second step: what the hash was made of (F2). */
export interface RevealPost extends Reveal {
  t: 'reveal';
  sig: string;
}

/** People have compared the safety codes: equal (1) or not (0) (F5). */
export interface ComparedPost {
  t: 'compared';
  f: string;
  pfp: string;
  sig: string;
  ok: 0 | 1;
}

/** A party's raw `found` commit, b64u. */
export interface FoundPost {
  t: 'found';
  o: string;
}

/** Somebody ends the founding; `why` is a word of the app, never a text of a person. */
export interface EndPost {
  t: 'end';
  why: string;
}

/** One step of the ceremony. */
export type Post = CommitPost | RevealPost | ComparedPost | FoundPost | EndPost;

/** A post with the signature of the founding key over its CJ. */
export interface Entry {
  post: Post;
  s: string;
}

const forms: { [T in Post['t']]: Guard<Post & { t: T }> } = {
  commit: fields({ t: oneOf('commit'), fc: b64u(64), pfp: isFingerprint, sig: b64u(64) }),
  reveal: fields({ t: oneOf('reveal'), ...revealFields, sig: b64u(64) }),
  compared: fields({
    t: oneOf('compared'),
    f: b64u(64),
    pfp: isFingerprint,
    sig: b64u(64),
    ok: oneOf(0, 1),
  }),
  // The raw commit is at most 64 KiB (R1).
  found: fields({ t: oneOf('found'), o: text(1, 87_384) }),
  end: fields({ t: oneOf('end'), why: text(0, 64) }),
};

const isPost: Guard<Post> = (value): value is Post =>
  Object.values(forms).some((hasForm) => hasForm(value));

/** A post with a signature, in the right form; nothing is verified. */
export const isEntry: Guard<Entry> = fields({ post: isPost, s: b64u(64) });

/** What the founding key signs, in namespace `swarm-charter-v1`. */
export function postBytes(post: Post): Uint8Array {
  return utf8(encode(post as unknown as Json));
}
