import { expect, it } from 'vitest';
import { missionReplica, roomReplica } from '#protocol/admit/replica.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import type { SwarmSource } from '#protocol/export/swarm-source.ts';
import { openRecord } from '#protocol/export/read-record.ts';
import { checkRecord } from '#protocol/export/check-record.ts';
import { bytesInMemory } from '#protocol/export/record-bytes.ts';
import { planRecord } from '#protocol/export/write-record.ts';
import type { GitObject } from '#protocol/pack/object.ts';
import { filePorts } from '../../../support/files.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { written } from '../../../support/record.ts';
import { seeded } from '../../../support/seeded.ts';
import { everything, randomHistory } from '../../../support/swarm-simulator/history.ts';

/** What somebody has who got these commits in an order of chance, parents before children. */
async function heard(
  sim: { cid: string; room: string },
  commits: { mission: Commit[]; room: Commit[] },
  random: () => number,
): Promise<SwarmSource[]> {
  const objects = new Map<string, GitObject>();
  const read = (oid: string) => Promise.resolve(objects.get(oid));
  const mission = missionReplica(nodeEngine, sim.cid);
  const room = roomReplica(nodeEngine, mission, sim.room);
  const swarms = [
    { cid: sim.cid, replica: mission, all: commits.mission },
    { cid: sim.room, replica: room, all: commits.room },
  ];
  for (const { replica, all } of swarms) {
    const waiting = new Set(all);
    const known = new Set<string>();
    while (waiting.size > 0) {
      const ready = [...waiting].filter(({ parents }) => parents.every((oid) => known.has(oid)));
      const next = ready[Math.floor(random() * ready.length)] as Commit;
      const answer = await replica.audit([next]);
      expect(answer.no).toEqual([]);
      for (const object of answer.objects) objects.set(object.oid, object);
      waiting.delete(next);
      known.add(next.oid);
    }
  }
  return swarms.map(({ cid, replica }) => ({ cid, replica, read }));
}

it.each([1, 2, 3, 4])(
  'history %i, with bans and lies: one record, in whatever order the commits came',
  async (seed) => {
    const random = seeded(seed);
    const sim = await randomHistory(random, 40, true);
    const commits = everything(sim);
    const records: Uint8Array[] = [];
    for (let i = 0; i < 3; i++) {
      const swarms = await heard(sim, commits, random);
      const source = { cid: sim.cid, swarms, files: [], receipts: [], file: () => nothing() };
      records.push(await written(await planRecord(source)));
    }
    expect(records[1]).toEqual(records[0]);
    expect(records[2]).toEqual(records[0]);
    const { hashes } = filePorts;
    const opened = await openRecord(bytesInMemory(records[0] as Uint8Array), hashes);
    if (!opened.ok) throw new Error(opened.why);
    const check = await checkRecord(nodeEngine, hashes, opened.value);
    expect(check.faults).toEqual([]);
    expect(check.commits).toBe(commits.mission.length + commits.room.length);
  },
  60_000,
);

async function* nothing(): AsyncGenerator<Uint8Array> {
  // A record without files asks for none.
}
