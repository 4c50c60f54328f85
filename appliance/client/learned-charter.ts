import { readNames } from '#protocol/mission/names.ts';
import type { Engine } from '#protocol/ports.ts';
import type { MissionState } from '#protocol/state/mission-state.ts';
import { trueComparisons } from './comparisons.ts';
import type { OpenRoom } from './rooms.ts';
import type { SelfRecord } from './self.ts';

/**
 * The charter's words, which come sealed in a room, with who signed that the safety code matches;
 * only those whose hash the genesis has count. Undefined until they are here.
 */
export async function learnedCharter(
  engine: Engine,
  genesis: MissionState['genesis'],
  rooms: readonly OpenRoom[],
): Promise<Pick<SelfRecord, 'names' | 'compared'> | undefined> {
  const told = rooms.flatMap(({ reader }) => reader.read().charters);
  const claim = told.find(({ text }) => readNames(text, genesis.d.charter).ok);
  if (!claim) return undefined;
  const compared = await trueComparisons(engine, genesis, claim.compared ?? []);
  return { names: claim.text, compared };
}
