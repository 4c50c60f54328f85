import type { Commit } from '#protocol/codec/commit-form.ts';
import type { Replica } from '#protocol/admit/replica.ts';
import type { Op } from '#protocol/state/op.ts';
import type { SwarmState } from '#protocol/state/swarm-state.ts';
import { SimDevice } from './device.ts';

/**
 * The same device as it was when this commit was its newest knowledge: what a restored
 * backup, a thief with the key, or a liar starts a second branch from.
 */
export async function asOf<S extends SwarmState>(
  device: SimDevice,
  replica: Replica<S>,
  at: Op,
): Promise<{ device: SimDevice; replica: Replica<S> }> {
  const old = new SimDevice(`${device.name} as of ${at.envelope.q}`, device.keys, device.engine);
  const isMission = replica.mission === undefined;
  const past = [...pastOf(at)].map(({ sid }) => replica.commit(sid) as Commit);
  if (isMission) {
    await old.mission.load(past);
    return { device: old, replica: old.mission as unknown as Replica<S> };
  }
  for (const head of at.mission) {
    const mission = replica.mission as NonNullable<typeof replica.mission>;
    await old.mission.load([...pastOf(head)].map(({ sid }) => mission.commit(sid) as Commit));
  }
  const room = old.room(replica.cid as string);
  await room.load(past);
  const ring = device.ring(replica.cid as string);
  old.rings.set(replica.cid as string, ring);
  return { device: old, replica: room as unknown as Replica<S> };
}

function pastOf(at: Op): Set<Op> {
  const all = new Set([at]);
  for (const op of all) for (const parent of op.parents) all.add(parent);
  return all;
}
