import { missionReplica, roomReplica } from '#protocol/admit/replica.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { file } from '#protocol/pack/node.ts';
import { nodeEngine } from '../../protocol-ports.ts';
import { bytesOf, type MadeSwarm } from './made-swarm.ts';

/**
 * Milliseconds that a commit takes on average, in each tenth of the history: judged one by one,
 * state and tree included, without its signature, which always costs the same.
 */
export async function resolvingCosts({ history, mission, room }: MadeSwarm): Promise<number[]> {
  const above = missionReplica(nodeEngine, mission);
  await above.load(history.mission.map(bytesOf));
  const replica = roomReplica(nodeEngine, above, room);
  const commits = history.room.map(bytesOf);
  const blobs = new Map(
    history.blobs.map(bytesOf).map((blob) => [toB64u(file(blob).th), blob] as const),
  );
  const tenth = Math.floor(commits.length / 10);
  const costs: number[] = [];
  for (let at = 0; at + tenth <= commits.length; at += tenth) {
    const part = commits.slice(at, at + tenth);
    const begun = performance.now();
    for (const commit of part) {
      const { missing, ok } = await replica.load([commit]);
      const needed = missing.blobs.flatMap((hash) => blobs.get(hash) ?? []);
      const known = needed.length > 0 ? await replica.load([commit], needed) : { ok };
      if (known.ok.length !== 1) throw new Error('the history does not resolve');
    }
    costs.push((performance.now() - begun) / tenth);
  }
  return costs;
}
