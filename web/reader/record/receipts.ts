import { missionReplica } from '#protocol/admit/replica.ts';
import { fromBase64 } from '#protocol/codec/text-form.ts';
import { checkErasure, readErasure } from '#protocol/export/erasure.ts';
import type { OpenRecord } from '#protocol/export/read-record.ts';
import type { Engine } from '#protocol/ports.ts';
import { recordedBox } from '#protocol/state/mission-state.ts';

/** What a certificate of erasure says of this record. */
export interface Receipts {
  /** Slots of parties whose receipt for this very record is in it and valid. */
  signed: readonly number[];
  /** Files that the box says it has erased. */
  erased: number;
  /** By the box's clock, milliseconds. */
  atMs: number;
}

/** A certificate of erasure held against the record: what it proves, or why it proves nothing. */
export async function receiptsIn(
  engine: Engine,
  record: OpenRecord,
  text: string,
): Promise<Receipts | 'certificate' | 'otherCertificate'> {
  const read = readErasure(text);
  if (!read.ok || !(await checkErasure(engine, read.value)).ok) return 'certificate';
  const { bk, c } = read.value;
  if (c.cid !== record.cid || c.r !== record.r) return 'otherCertificate';
  // A replica of its own: the record is judged by the mission as it was sealed.
  const mission = missionReplica(engine, record.cid);
  const swarm = await record.swarm(record.cid);
  if (!swarm.ok) return 'certificate';
  await mission.admit(swarm.value.commits);
  await mission.admit(c.commits.flatMap((commit) => fromBase64(commit) ?? []));
  const { state } = mission.view();
  if (recordedBox(state) !== bk) return 'otherCertificate';
  const listed = new Set(c.receipts);
  const signed = [...state.end.receipts].flatMap(([sid, { h, party, r }]) => {
    const slot = state.parties.get(party)?.slot;
    return slot !== undefined && listed.has(sid) && r === c.r && h === c.h ? [slot] : [];
  });
  return {
    signed: [...new Set(signed)].sort((a, b) => a - b),
    erased: c.erased.reduce((sum, [, entries]) => sum + entries, 0),
    atMs: c.when * 1000,
  };
}
