import { fromB64u } from '../codec/text-form.ts';
import { verifyBlob } from '../crypto/verify-strict.ts';
import { subjectKey } from '../identity/certificate.ts';
import { verifyChain } from '../identity/chain.ts';
import type { Engine } from '../ports.ts';
import { accepted, refused, type Verdict } from '../verdict.ts';
import {
  commitmentHash,
  commitStatement,
  revealedParty,
  type Commitment,
  type Draft,
  type FoundingRecord,
  type Reveal,
} from './founding.ts';

/** F1, F2: a reveal opens this commitment, its certificates verify, its slot exists. */
export async function checkReveal(
  engine: Engine,
  draft: Draft,
  [pfp, fc, sig]: Commitment,
  reveal: Reveal,
): Promise<Verdict> {
  if (revealedParty(reveal) !== pfp) return refused('F2', 'the reveal is of another party');
  if (reveal.slot >= draft.n) return refused('F3', 'the slot does not exist');
  // A guest cannot lead, so a founder is none (M12).
  if (reveal.m.c.k === 1) return refused('F3', 'the lead is certified as a guest');
  if (commitmentHash(draft, reveal) !== fc) return refused('F2', 'not what was committed to');
  const chain = await verifyChain(engine, { party: reveal.p, member: reveal.m, device: reveal.d });
  if (!chain.ok) return chain;
  return checkCommitment(engine, draft, subjectKey(reveal.p.c), fc, sig);
}

/** Statement 1 by the party's key; possible only once the key is revealed. */
async function checkCommitment(
  engine: Engine,
  draft: Draft,
  partyKey: Uint8Array,
  fc: string,
  sig: string,
): Promise<Verdict> {
  const signature = fromB64u(sig, 64) ?? new Uint8Array(0);
  const statement = commitStatement(draft, fc);
  const signed = await verifyBlob(engine, 'swarm-charter-v1', partyKey, statement, signature);
  return signed ? accepted : refused('F1', 'the commitment is not signed by the party');
}

/** F3: all reveals together. Slots are a permutation, and no key stands in two places (K10). */
export function checkTogether({ d, r }: FoundingRecord): Verdict {
  const slots = new Set(r.map(({ slot }) => slot));
  if (slots.size !== d.n || r.length !== d.n) return refused('F3', 'two parties took one slot');
  const keys = r.flatMap(({ p, m, d: device }) => [p.c.pk, m.c.pk, m.c.x, device.c.pk, device.c.x]);
  return new Set(keys).size === keys.length ? accepted : refused('K10', 'one key in two places');
}
