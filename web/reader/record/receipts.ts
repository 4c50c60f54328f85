import { missionReplica, type MissionReplica } from '#protocol/admit/replica.ts';
import { fromBase64, toB64u } from '#protocol/codec/text-form.ts';
import { checkErasure, readErasure } from '#protocol/export/erasure.ts';
import { challengeOf, possession } from '#protocol/export/possession.ts';
import type { OpenRecord } from '#protocol/export/read-record.ts';
import type { Engine, FileHashes } from '#protocol/ports.ts';
import { noncesFor, type Receipt } from '#protocol/state/end.ts';
import { recordedBox } from '#protocol/state/mission-state.ts';

/** What a certificate of erasure says of this record. */
export interface Receipts {
  /** Slots of parties whose receipt for this very record is in it, valid and proven. */
  signed: readonly number[];
  /** Files that the box says it has erased. */
  erased: number;
}

/** What checks need of the platform. */
interface Checking {
  engine: Engine;
  hashes: FileHashes;
}

/**
 * A certificate of erasure held against the record: what it proves, or why it proves nothing.
 * Reads the whole record once for its hash and once for each receipt (T5).
 */
export async function receiptsIn(
  { engine, hashes }: Checking,
  record: OpenRecord,
  text: string,
): Promise<Receipts | 'certificate' | 'otherCertificate'> {
  const read = readErasure(text);
  if (!read.ok || !(await checkErasure(engine, read.value)).ok) return 'certificate';
  const { bk, c } = read.value;
  if (c.cid !== record.cid || c.r !== record.r) return 'otherCertificate';
  if ((await record.hash()) !== c.h) return 'otherCertificate';
  const mission = await missionAtItsEnd(engine, record, c.commits);
  const { state } = mission.view();
  if (recordedBox(state) !== bk) return 'otherCertificate';
  const signed: number[] = [];
  for (const receipt of state.end.receipts.values()) {
    const slot = state.parties.get(receipt.party)?.slot;
    const isListed = c.receipts.includes(receipt.by) && receipt.h === c.h && receipt.r === c.r;
    if (slot === undefined || !isListed || signed.includes(slot)) continue;
    if (await isProven(hashes, mission, record, receipt)) signed.push(slot);
  }
  return {
    signed: signed.sort((a, b) => a - b),
    erased: c.erased.reduce((sum, [, entries]) => sum + entries, 0),
  };
}

/** A replica of its own: the record is judged by the mission as it was sealed. */
async function missionAtItsEnd(
  engine: Engine,
  record: OpenRecord,
  commits: readonly string[],
): Promise<MissionReplica> {
  const mission = missionReplica(engine, record.cid);
  const swarm = await record.swarm(record.cid);
  if (swarm.ok) await mission.admit(swarm.value.commits);
  await mission.admit(commits.flatMap((commit) => fromBase64(commit) ?? []));
  return mission;
}

/** Whether the party had all of the record when it signed (T5). */
async function isProven(
  hashes: FileHashes,
  mission: MissionReplica,
  record: OpenRecord,
  receipt: Receipt,
): Promise<boolean> {
  const op = mission.op(receipt.by);
  if (!op) return false;
  const { state } = mission.swarm.viewOf(op.parents, []);
  const challenge = challengeOf(receipt.party, noncesFor(state, receipt.party, receipt));
  return toB64u(await possession(hashes, challenge, record.bytes)) === receipt.p;
}
