import { checkRecord } from '#protocol/export/check-record.ts';
import { hashOf, openRecord } from '#protocol/export/read-record.ts';
import type { Engine, FileHashes } from '#protocol/ports.ts';
import type { RecordView } from '../closing-model.ts';
import type { ProblemCode } from '../problem.ts';
import type { Offer } from './end-door.ts';
import { lacks, type OwnHistory } from './record-lacks.ts';
import type { RecordParts } from './record-parts.ts';

/** What is thought of a record that was fetched whole. */
export type Judgement =
  | { state: 'held'; found: NonNullable<RecordView['found']> }
  | { state: 'damaged' | 'lacking'; code: ProblemCode };

export interface JudgeDeps extends OwnHistory {
  engine: Engine;
  hashes: FileHashes;
}

/**
 * Checks a record as anybody could, and then as only this device can: whether everything is inside
 * that it holds (T3). Rejects with `RECORD_DAMAGED` if a part is gone.
 */
export async function judgeRecord(
  deps: JudgeDeps,
  offer: Offer,
  bytes: RecordParts,
  onProgress: (done: number, total: number) => void,
): Promise<Judgement> {
  const { engine, hashes, mission } = deps;
  const h = await hashOf(bytes, hashes, onProgress);
  if (h !== offer.h) return { state: 'damaged', code: 'RECORD_DAMAGED' };
  const opened = await openRecord(bytes, hashes);
  const isNamed = opened.ok && opened.value.cid === mission.cid && opened.value.r === offer.r;
  if (!isNamed) return { state: 'damaged', code: 'RECORD_FALSE' };
  const check = await checkRecord(engine, hashes, opened.value, onProgress);
  if (check.faults.length > 0) return { state: 'damaged', code: 'RECORD_FALSE' };
  if (await lacks(deps, opened.value.manifest, check)) {
    return { state: 'lacking', code: 'RECORD_LACKING' };
  }
  const { commits, files, rooms, signatures } = check;
  return { state: 'held', found: { conversations: rooms.size, commits, signatures, files } };
}
