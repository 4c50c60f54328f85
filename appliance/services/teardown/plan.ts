import type { DataClaim } from '#kernel/service.ts';
import {
  endUnits,
  excusedUnits,
  isAbout,
  isReadyForRecord,
  isReadyForWipe,
  missingDevices,
  openDisputes,
  requiredUnits,
  type Receipt,
  type RecordName,
} from '#protocol/state/end.ts';
import type { MissionState } from '#protocol/state/mission-state.ts';
import { charterOf } from '#protocol/state/rules.ts';

/** How far the end of the mission is. */
export type Step = 'open' | 'sync' | 'building' | 'ready' | 'wiped';

/** The step, from what was said in the mission and what the box has done. */
export function stepOf(
  state: MissionState | undefined,
  isSealed: boolean,
  hasRecord: boolean,
): Step {
  if (hasRecord) return 'ready';
  if (isSealed) return 'building';
  return state !== undefined && state.closed.length > 0 ? 'sync' : 'open';
}

/**
 * Whether the record may be made (T3). While devices are away of parties that the others go on
 * without, the box must also have run as long as the charter lets them be waited for (T6): else a
 * majority could close and cut off the last words of the rest within a second.
 */
export function maySeal(state: MissionState, waitedSeconds: number): boolean {
  if (!isReadyForRecord(state)) return false;
  const isSomebodyAway = missingDevices(state, endUnits(state)).length > 0;
  return !isSomebodyAway || waitedSeconds >= waitSeconds(state);
}

/** Whether the possession in a receipt was compared with the record and is right. */
export type IsTrue = (receipt: Receipt) => boolean;

/** True receipts of units for this record, of excused ones too if they signed after all. Sorted. */
export function countedReceipts(
  state: MissionState,
  record: RecordName,
  isTrue: IsTrue,
): readonly Receipt[] {
  const units = endUnits(state);
  return [...state.end.receipts.values()]
    .filter((receipt) => units.includes(receipt.party) && isAbout(receipt, record))
    .filter(isTrue)
    .sort((a, b) => (a.by < b.by ? -1 : 1));
}

/**
 * Whether everything is said and done that the wipe needs (T7). Without a receipt of everybody the
 * box must also have run as long as the charter lets those who are excused be waited for (T6).
 */
export function mayWipe(
  state: MissionState,
  record: RecordName,
  isTrue: IsTrue,
  waitedSeconds: number,
): boolean {
  if (!isReadyForWipe(state, record, isTrue)) return false;
  const done = new Set(countedReceipts(state, record, isTrue).map(({ party }) => party));
  const isSomebodyLeftOut = excusedUnits(state).some((unit) => !done.has(unit));
  return !isSomebodyLeftOut || waitedSeconds >= waitSeconds(state);
}

function waitSeconds(state: MissionState): number {
  return charterOf(state).wait * 3600;
}

/** Parties that the wipe waits for: no true receipt of theirs, or a dispute that is open. Sorted. */
export function waitedFor(state: MissionState, record: RecordName, isTrue: IsTrue): string[] {
  const done = new Set(countedReceipts(state, record, isTrue).map(({ party }) => party));
  const disputing = new Set(openDisputes(state).map(({ party }) => party));
  return requiredUnits(state).filter((unit) => !done.has(unit) || disputing.has(unit));
}

/** What is removed: before the certificate is signed, and after it. Paths below the data directory. */
export interface Removals {
  paths: string[];
  secrets: string[];
}

/** Whatever lies here was the mission's, claimed or not. */
const wholes = ['founding', 'mission'];

/** In which order the claims of all services go: data first, keys last, since one still signs. */
export function removalsOf(claims: readonly DataClaim[]): Removals {
  const going = claims.filter(({ atTeardown }) => atTeardown !== 'keep');
  const pathsOf = (isSecret: boolean): string[] =>
    going.filter(({ kind }) => (kind === 'secret') === isSecret).map(({ path }) => path);
  const claimed = pathsOf(false).sort();
  const rest = wholes.filter((path) => !claimed.includes(path));
  return {
    paths: [...new Set([...claimed, ...rest])],
    secrets: [...new Set(pathsOf(true))].sort(),
  };
}
