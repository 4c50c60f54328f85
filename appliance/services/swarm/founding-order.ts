import { partyFingerprint } from '#protocol/codec/fingerprint.ts';
import { fromB64u } from '#protocol/codec/text-form.ts';
import { accepted, refused, type Verdict } from '#protocol/verdict.ts';
import type { Entry, Post, RevealPost } from './founding-post.ts';

/**
 * Whether a post may follow these of a founding of `count` parties (F1–F3, F5). Each step has
 * one place for each party, which also bounds what a founding can hold.
 */
export function mayFollow(post: Post, entries: readonly Entry[], count: number): Verdict {
  const posts = entries.map((entry) => entry.post);
  const commits = posts.filter((one) => one.t === 'commit');
  const reveals = posts.filter((one) => one.t === 'reveal');
  const isIn = (pfp: string | undefined): boolean => commits.some((one) => one.pfp === pfp);
  switch (post.t) {
    case 'commit':
      if (isIn(post.pfp)) return refused('F1', 'the party has committed already');
      return commits.length < count ? accepted : refused('F1', 'all parties have committed');
    case 'reveal':
      if (commits.length < count) return refused('F2', 'not all parties have committed');
      if (!isIn(partyOf(post))) return refused('F2', 'the party has not committed');
      return reveals.some((one) => partyOf(one) === partyOf(post))
        ? refused('F2', 'the party has revealed already')
        : accepted;
    case 'compared':
      if (reveals.length < count) return refused('F5', 'not all parties have revealed');
      if (!isIn(post.pfp)) return refused('F5', 'the party is not in this founding');
      return posts.some((one) => one.t === 'compared' && one.pfp === post.pfp && one.ok === post.ok)
        ? refused('F5', 'the party has said so already')
        : accepted;
    case 'found':
      return reveals.length < count ? refused('F3', 'not all parties have revealed') : accepted;
    case 'end':
      return accepted;
  }
}

/** The party whose certificate a reveal shows; undefined when it shows none. */
export function partyOf(post: RevealPost): string | undefined {
  const key = fromB64u(publicKeyText(post.p), 32);
  return key === undefined ? undefined : partyFingerprint(key);
}

function publicKeyText(certificate: unknown): string {
  const { c } = certificate as { c?: { pk?: unknown } };
  return typeof c?.pk === 'string' ? c.pk : '';
}
