import type { RoomReplica } from '#protocol/admit/replica.ts';
import { sync, type SimDevice } from './device.ts';
import { mission, type SimMission } from './mission.ts';

/** A mission and a room in which all these people are, keys included. */
export interface SimRoom extends SimMission {
  room: string;
  people: SimDevice[];
  /** The room as one of them has it. */
  of(device: SimDevice): RoomReplica;
}

/**
 * A room founded by the leads, or the first so many of them; the others are added; all have
 * joined and hold the key.
 */
export async function roomOf(
  names: readonly string[],
  more = {},
  mostFounders = names.length,
): Promise<SimRoom> {
  const sim = await mission(...names);
  const people = names.map((name) => sim.device(name));
  const [first] = people as [SimDevice];
  const parties = new Set<string>();
  const leads = people.filter(({ keys }) => !parties.has(keys.pfp) && parties.add(keys.pfp));
  const founders = leads.slice(0, mostFounders);
  const room = await first.begin(
    founders.map(({ keys }) => keys.mfp),
    more,
  );
  const cid = room.cid as string;
  await first.rotate(cid);
  for (const person of people.filter((one) => !founders.includes(one))) {
    await first.add(cid, person.keys.mfp);
  }
  await sync(...people);
  for (const person of people.slice(1)) await person.write(person.room(cid), 'join', {});
  await sync(...people);
  await first.shareKeys(cid);
  await sync(...people);
  return { ...sim, room: cid, people, of: (device) => device.room(cid) };
}
