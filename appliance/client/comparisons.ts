import { fromB64u, toB64u } from '#protocol/codec/text-form.ts';
import { verifyBlob } from '#protocol/crypto/verify-strict.ts';
import { subjectKey } from '#protocol/identity/certificate.ts';
import { comparedStatement, foundingHash } from '#protocol/mission/founding.ts';
import type { Engine } from '#protocol/ports.ts';
import type { MissionState } from '#protocol/state/mission-state.ts';
import { at, textAt } from './exchange.ts';

/**
 * Slots of the parties that signed that the safety code matches (F5), among posts of the founding
 * as the box still has them. It can leave some out, but none can be made up.
 */
export async function comparedSlots(
  engine: Engine,
  state: MissionState,
  posts: readonly unknown[],
): Promise<readonly number[]> {
  const f = foundingHash(state.genesis);
  const statement = comparedStatement(f, 1);
  const slots = new Set<number>();
  for (const entry of posts) {
    const post = at(entry, 'post');
    if (textAt(post, 't') !== 'compared' || textAt(post, 'f') !== toB64u(f)) continue;
    const party = state.parties.get(textAt(post, 'pfp') ?? '');
    const sig = fromB64u(textAt(post, 'sig') ?? '', 64);
    if (!party || !sig) continue;
    const key = subjectKey(party.certificate.c);
    if (await verifyBlob(engine, 'swarm-charter-v1', key, statement, sig)) slots.add(party.slot);
  }
  return [...slots].sort((a, b) => a - b);
}
