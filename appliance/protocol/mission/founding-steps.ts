import { toB64u } from '../codec/text-form.ts';
import type { Signer } from '../crypto/sign.ts';
import {
  commitmentHash,
  commitStatement,
  comparedStatement,
  foundStatement,
  revealedParty,
  revealStatement,
  type Commitment,
  type Draft,
  type Reveal,
} from './founding.ts';
import {
  postBytes,
  type ComparedPost,
  type CommitPost,
  type Entry,
  type Post,
  type RevealPost,
} from './founding-post.ts';

/** A post as it is sent: signed by the founding key (`foundingSigner`). */
export async function signPost(founding: Signer, post: Post): Promise<Entry> {
  return { post, s: toB64u(await founding.sign('swarm-charter-v1', postBytes(post))) };
}

/** First visit: the party commits. The reveal, ρ above all, must be kept and told nobody. */
export async function commitPost(party: Signer, draft: Draft, reveal: Reveal): Promise<CommitPost> {
  const fc = commitmentHash(draft, reveal);
  const sig = await sign(party, commitStatement(draft, fc));
  return { t: 'commit', fc, pfp: revealedParty(reveal), sig };
}

/** Second visit, only with all commitments in hand (F2): `list` is L, sorted. */
export async function revealPost(
  party: Signer,
  list: readonly Commitment[],
  reveal: Reveal,
): Promise<RevealPost> {
  return { t: 'reveal', ...reveal, sig: await sign(party, revealStatement(list)) };
}

/** People have compared the code of `f`. */
export async function comparedPost(
  party: Signer,
  pfp: string,
  f: Uint8Array,
  ok: 0 | 1,
): Promise<ComparedPost> {
  return { t: 'compared', f: toB64u(f), pfp, sig: await sign(party, comparedStatement(f, ok)), ok };
}

/** Third visit: `s` of the party's `found` commit. */
export function foundSignature(party: Signer, f: Uint8Array): Promise<string> {
  return sign(party, foundStatement(f));
}

async function sign(party: Signer, statement: Uint8Array): Promise<string> {
  return toB64u(await party.sign('swarm-charter-v1', statement));
}
