import { ascending } from '../codec/envelope.ts';
import { payloadOf, serialize } from '../codec/commit.ts';
import type { Json } from '../codec/canonical-json.ts';
import type { CommitDraft } from '../codec/commit-form.ts';
import { deviceFingerprint } from '../codec/fingerprint.ts';
import { H32 } from '../codec/hash.ts';
import { b64u, fields, list, oneOf, type Guard } from '../codec/shape.ts';
import { toB64u } from '../codec/text-form.ts';
import { signingPair } from '../crypto/nacl.ts';
import { signBlob } from '../crypto/sign.ts';
import type { Engine } from '../ports.ts';
import { accepted, refused, type Verdict } from '../verdict.ts';
import { maxParties } from './charter.ts';
import {
  foundingHash,
  isCommitment,
  isDraft,
  isReveal,
  revealOnly,
  type Commitment,
  type FoundingRecord,
  type Reveal,
} from './founding.ts';
import { checkReveal, checkTogether } from './reveal-check.ts';

/** `x` of a mission's genesis (F4): the founding, and what follows from its hash. */
export interface GenesisArguments extends FoundingRecord {
  mode: 1;
  nonce: string;
}

/** Form of the arguments of a mission's genesis. */
export const isGenesisArguments: Guard<GenesisArguments> = fields({
  d: isDraft,
  l: list(isCommitment, 2, maxParties),
  mode: oneOf(1),
  nonce: b64u(32),
  r: list(isReveal, 2, maxParties),
});

/** The arguments that a complete founding fixes. */
export function genesisArguments(record: FoundingRecord): GenesisArguments {
  const nonce = toB64u(H32('g', foundingHash(record)));
  const { d, l, r } = record;
  return { d, l, mode: 1, nonce, r: r.map(revealOnly) };
}

/** Public key that signs the genesis (F4), 32 bytes; it has no other right. */
export function genesisKey(x: FoundingRecord): Uint8Array {
  return signingPair(H32('gkey', foundingHash(x))).publicKey;
}

/**
 * The whole genesis object, a function of F (F4): everybody computes it, so nobody is
 * its creator, and one F has one cid. `tree` is T(state) of these arguments.
 */
export function genesisObject(
  x: GenesisArguments,
  tree: { oid: string; th: Uint8Array },
): Uint8Array {
  const seed = H32('gkey', foundingHash(x));
  const { publicKey } = signingPair(seed);
  const draft: CommitDraft = {
    tree: tree.oid,
    parents: [],
    seconds: 0,
    class: 'x',
    envelope: {
      v: 1,
      d: deviceFingerprint(publicKey),
      q: 0,
      l: 1,
      ps: [],
      th: toB64u(tree.th),
      k: 'genesis',
      x: x as unknown as { [key: string]: Json },
    },
  };
  return serialize(draft, publicKey, signBlob('git', seed, payloadOf(draft)));
}

/**
 * R20 for a mission: the arguments hold a founding in which everything verifies. That
 * the object is the one of F is then a comparison with `genesisObject`.
 */
export async function checkGenesis(engine: Engine, x: unknown): Promise<Verdict> {
  if (!isGenesisArguments(x)) return refused('R20', 'the genesis has a bad form');
  const { d, l, r } = x;
  if (l.length !== d.n || r.length !== d.n) return refused('R20', 'not as many parties as agreed');
  if (!ascending(l.map(([pfp]) => pfp))) return refused('R20', 'the list is not sorted');
  const together = checkTogether(x);
  if (!together.ok) return together;
  for (const [i, commitment] of l.entries()) {
    const verdict = await checkReveal(engine, d, commitment as Commitment, r[i] as Reveal);
    if (!verdict.ok) return verdict;
  }
  const { nonce } = genesisArguments(x);
  return nonce === x.nonce ? accepted : refused('R20', 'the nonce is not that of the founding');
}
