import { checkRecord, type RecordCheck } from '#protocol/export/check-record.ts';
import { hashOf, openRecord } from '#protocol/export/read-record.ts';
import type { Engine, FileHashes } from '#protocol/ports.ts';
import { afterClose } from '#protocol/state/kinds/table.ts';
import type { MissionState } from '#protocol/state/mission-state.ts';
import type { SwarmState } from '#protocol/state/swarm-state.ts';
import type { Replica } from '#protocol/admit/replica.ts';
import type { RecordView } from '../closing-model.ts';
import type { LocalSwarm } from '../local-swarm.ts';
import type { ProblemCode } from '../problem.ts';
import type { Rooms } from '../rooms.ts';
import type { Offer } from './end-door.ts';
import type { RecordParts } from './record-parts.ts';

/** What is thought of a record that was fetched whole. */
export type Judgement =
  | { state: 'held'; found: NonNullable<RecordView['found']> }
  | { state: 'damaged' | 'lacking'; code: ProblemCode };

/** What a record is held against: this device's own history. */
export interface JudgeDeps {
  engine: Engine;
  hashes: FileHashes;
  mission: LocalSwarm<MissionState>;
  rooms: Rooms;
  /** Mission commits that the box took in since it sealed the record, by sid. */
  sinceSealing(): Promise<ReadonlySet<string>>;
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
  if (await isLacking(deps, check)) return { state: 'lacking', code: 'RECORD_LACKING' };
  const { commits, files, rooms, signatures } = check;
  return { state: 'held', found: { conversations: rooms.size, commits, signatures, files } };
}

async function isLacking(
  { mission, rooms, sinceSealing }: JudgeDeps,
  check: RecordCheck,
): Promise<boolean> {
  const isGone = rooms
    .all()
    .some(({ room: { cid, swarm } }) => missingIn(swarm, check.rooms.get(cid)).length > 0);
  if (isGone) return true;
  const late = missingIn(mission, check.mission).filter((sid) => !isOfTheEnd(mission, sid));
  if (late.length === 0) return false;
  // Written before the close by a device that was away, and come after the sealing.
  const since = await sinceSealing();
  return late.some((sid) => !since.has(sid));
}

/** What this device knows, by the box or for the box, and the record does not. */
function missingIn<S extends SwarmState>(
  { outbox, replica }: LocalSwarm<S>,
  recorded: Replica<S> | undefined,
): string[] {
  return [...replica.commits()]
    .map(({ sid }) => sid)
    .filter((sid) => !outbox.isPending(sid) && recorded?.has(sid) !== true);
}

/** Whether a commit is of those by which the mission ends, and knows the close. */
function isOfTheEnd({ replica }: LocalSwarm<MissionState>, sid: string): boolean {
  const op = replica.op(sid);
  const closes = replica.view().state.closed.flatMap((close) => replica.op(close) ?? []);
  return (
    op !== undefined &&
    afterClose.has(op.envelope.k) &&
    closes.some((close) => close !== op && replica.saw(op, close))
  );
}
