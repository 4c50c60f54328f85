import { encode } from '#protocol/codec/canonical-json.ts';
import { checkProposal } from '#protocol/export/proposal.ts';
import type { Engine } from '#protocol/ports.ts';
import type { Voice } from './voice.ts';

/** A record as the box proposed it to somebody. */
interface Signed {
  h: string;
  r: string;
  s: string;
}

/**
 * Two different records that one box signed, as a text that anybody can check (T3); undefined if
 * there is no such pair among what the box proposed here and what other parties agreed to.
 */
export async function proofOfTwo(
  engine: Engine,
  voice: Voice,
  proposed: readonly Signed[],
): Promise<string | undefined> {
  const { boxKey, mission, state } = voice;
  if (boxKey === undefined) return undefined;
  const { cid } = mission;
  const agreed = [...state.end.agreed.values()];
  const differing = new Map<string, Signed>();
  for (const { h, r, s } of [...proposed, ...agreed]) {
    if (differing.has(`${h} ${r}`)) continue;
    // Where leads recorded several boxes, an agreement may rest on the word of another one.
    if (await checkProposal(engine, boxKey, { cid, h, r, s }))
      differing.set(`${h} ${r}`, { h, r, s });
  }
  const [one, other] = [...differing.values()];
  if (!one || !other) return undefined;
  const statement = ({ h, r, s }: Signed) => ({ s, statement: { cid, h, r, t: 'record' } });
  const signed = [statement(one), statement(other)];
  return encode({ bk: boxKey, records: signed, t: 'two-records', v: 1 });
}
