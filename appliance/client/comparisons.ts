import { fromB64u } from '#protocol/codec/text-form.ts';
import { verifyBlob } from '#protocol/crypto/verify-strict.ts';
import { subjectKey } from '#protocol/identity/certificate.ts';
import {
  comparedStatement,
  foundingHash,
  revealedParty,
  type FoundingRecord,
} from '#protocol/mission/founding.ts';
import type { Engine } from '#protocol/ports.ts';
import { at, textAt } from './exchange.ts';

/** A party's signature under "the safety code matches" (F5). */
export type Comparison = [party: string, signature: string];

/** What posts of a founding claim about comparisons. */
export function comparisonsIn(posts: readonly unknown[]): Comparison[] {
  return posts.flatMap((entry): Comparison[] => {
    const post = at(entry, 'post');
    const [party, signature] = [textAt(post, 'pfp'), textAt(post, 'sig')];
    const isOne = textAt(post, 't') === 'compared' && at(post, 'ok') === 1;
    return isOne && party !== undefined && signature !== undefined ? [[party, signature]] : [];
  });
}

/**
 * Those comparisons that a party of this founding really signed, each party once. Whoever hands
 * them on can leave some out, but make up none.
 */
export async function trueComparisons(
  engine: Engine,
  founded: FoundingRecord,
  claimed: readonly Comparison[],
): Promise<Comparison[]> {
  const statement = comparedStatement(foundingHash(founded), 1);
  const keys = new Map(founded.r.map((one) => [revealedParty(one), subjectKey(one.p.c)]));
  const found = new Map<string, string>();
  for (const [party, signature] of claimed) {
    const [key, bytes] = [keys.get(party), fromB64u(signature, 64)];
    if (!key || !bytes || found.has(party)) continue;
    const isTrue = await verifyBlob(engine, 'swarm-charter-v1', key, statement, bytes);
    if (isTrue) found.set(party, signature);
  }
  return [...found];
}
