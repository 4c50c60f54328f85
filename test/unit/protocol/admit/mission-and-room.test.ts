import { expect, test } from 'vitest';
import { statusOf } from '#protocol/state/child-state.ts';
import { roomReplica } from '#protocol/admit/replica.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { seedOf } from '../../../support/people.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { sync, type SimDevice } from '../../../support/swarm-simulator/device.ts';
import { forge, verdict } from '../../../support/swarm-simulator/forge.ts';
import { admitted, nothing64 } from '../../../support/swarm-simulator/mission.ts';
import { roomOf, type SimRoom } from '../../../support/swarm-simulator/room.ts';
import { resolve, vote } from '../../../support/swarm-simulator/vote.ts';

async function cast(names: readonly string[]) {
  const sim = await roomOf(names);
  const [a, b, c, d] = sim.people as [SimDevice, SimDevice, SimDevice, SimDevice];
  return { sim, a, b, c, d };
}

/** The mission bans a person; only the voters know. */
async function banInMission(whom: SimDevice, voters: readonly SimDevice[], a = 'ban') {
  const motion = { a, c: 'member', u: whom.keys.mfp };
  const votes = [];
  for (const voter of voters) {
    votes.push(await vote(voter, voter.mission, motion));
    await sync(...voters);
  }
  const last = voters.at(-1) as SimDevice;
  await resolve(last, last.mission, motion, votes);
  await sync(...voters);
}

const status = (sim: SimRoom, seenBy: SimDevice, whom: SimDevice) => {
  const { mission, state } = sim.of(seenBy).view();
  return statusOf(state, mission, whom.keys.mfp);
};

test('M3: a commit that knows more of the mission is parked until that is here, then accepted', async () => {
  const { a, b, sim } = await cast(['a@pa', 'b@pb']);
  const e = await admitted(a, 'e@pa');
  const added = await a.add(sim.room, e.keys.mfp);
  const above = await a.say(sim.room, 'e is invited');
  expect(added.envelope.mh).toHaveLength(1);
  const answer = await sim.of(b).admit([added, above]);
  expect(answer.parked).toEqual([added.sid, above.sid]);
  expect(answer.missing.mission).toEqual(added.envelope.mh);
  await b.mission.admit([...a.mission.commits()]);
  expect((await sim.of(b).retry()).ok).toEqual([added.sid, above.sid]);
});

test('M3: a commit that names a refused mission commit is refused', async () => {
  const { a, b, sim } = await cast(['a@pa', 'b@pb']);
  const bad = await forge(a, a.mission, { k: 'coup' });
  expect(await verdict(b.mission, bad)).toBe('R5');
  const commit = await forge(a, sim.of(a), { k: 'leave', lie: { mh: [bad.sid] } });
  expect(await verdict(sim.of(b), commit)).toBe('M3');
});

test('M2: mission heads that the parents know already, or a chain of them, are refused', async () => {
  const { a, b, sim } = await cast(['a@pa', 'b@pb']);
  const known = sim.of(a).heads[0]?.mission[0]?.sid as string;
  const commit = await forge(a, sim.of(a), { k: 'leave', lie: { mh: [known] } });
  expect(await verdict(sim.of(b), commit)).toBe('M2');
  const unknown = await forge(a, sim.of(a), { k: 'leave', lie: { mh: [nothing64] } });
  expect(await verdict(sim.of(b), unknown)).toBe('parked');
});

test('a room is begun by one of its founders, all of the mission, under this mission (R20, M2)', async () => {
  const { a, b, c } = await cast(['a@pa', 'b@pb', 'c@pa']);
  const founders = [a.keys.mfp, b.keys.mfp];
  await expect(c.begin(founders)).rejects.toThrow('R20');
  await expect(a.begin([...founders, 'a'.repeat(52)])).rejects.toThrow('M2');
  await expect(a.begin(founders, { parent: a.keys.pfp })).rejects.toThrow('R20');
  await expect(a.begin(founders, { mode: 3 })).rejects.toThrow('R20');
  await expect(a.begin(founders, { guests: 'admin', hist: 'all' })).rejects.toThrow('M12');
  const room = await a.begin(founders);
  const genesis = [...room.commits()];
  expect((await roomReplica(nodeEngine, b.mission, room.cid).admit(genesis)).ok).toHaveLength(1);
  const other = roomReplica(nodeEngine, b.mission, a.keys.pfp);
  expect((await other.admit(genesis)).no).toEqual([[genesis[0]?.sid, 'R7']]);
});

test('M4, S100: a ban in the mission ends what one is in a room, and who knows writes under a new key', async () => {
  const { a, b, c, d, sim } = await cast(['a@pa', 'b@pb', 'c@pc', 'd@pd']);
  await banInMission(d, [a, b, c]);
  await a.say(sim.room, 'without d');
  await sync(a, b, c, d);
  expect(status(sim, b, d)).toBe('banned');
  await expect(d.say(sim.room, 'still here')).rejects.toThrow('R17');
  expect(await d.read(sim.room)).not.toContain('without d');
  expect(await c.read(sim.room)).toContain('without d');
});

test('S101, S177a, M7: who does not know of the mission ban writes on under the old key, and all accept it', async () => {
  const { a, b, c, d, sim } = await cast(['a@pa', 'b@pb', 'c@pc', 'd@pd']);
  const e = await admitted(c, 'e@pc');
  await c.add(sim.room, e.keys.mfp);
  await sync(a, b, c, d, e);
  await e.write(sim.of(e), 'join', {});
  await sync(a, b, c, d, e);
  await banInMission(d, [a, b, c]);
  await e.rotate(sim.room);
  const unaware = await e.say(sim.room, 'for d too');
  await a.pull(e);
  await b.pull(e);
  expect(sim.of(b).has(unaware.sid)).toBe(true);
  await sync(a, b, c, e);
  expect(await b.read(sim.room)).toContain('for d too');
});

test('M5, M6, M8: posts that the banned adds behind the notice are hidden everywhere, earlier ones stay (S178)', async () => {
  const { a, b, c, d, sim } = await cast(['a@pa', 'b@pb', 'c@pc', 'd@pd']);
  await d.say(sim.room, 'early');
  await sync(a, b, c, d);
  await banInMission(d, [a, b, c]);
  for (const one of [a, b, c]) {
    await one.say(sim.room, `${one.name} knows`);
    await sync(a, b, c);
  }
  const late = await d.say(sim.room, 'late');
  expect(await verdict(sim.of(a), late)).toBe('I1');
  await sim.of(b).load([late]);
  expect(sim.of(b).order().hidden).toMatchObject([
    { op: { sid: late.sid }, reason: 'removed-in-mission' },
  ]);
  expect(await b.read(sim.room)).toEqual(['early', 'a@pa knows', 'b@pb knows', 'c@pc knows']);
  await b.say(sim.room, 'going on');
});

test('M9: a mission unban needs a new join in the room', async () => {
  const { a, b, c, d, sim } = await cast(['a@pa', 'b@pb', 'c@pc', 'd@pd']);
  await banInMission(d, [a, b, c]);
  await a.say(sim.room, 'without d');
  await banInMission(d, [a, b, c], 'unban');
  await sync(a, b, c, d);
  expect(status(sim, a, d)).toBe('invited');
  await d.write(sim.of(d), 'join', {});
  await sync(a, b, c, d);
  expect(status(sim, a, d)).toBe('admin');
  await a.say(sim.room, 'with d');
  await sync(a, d);
  await a.shareKeys(sim.room);
  await sync(a, d);
  expect(await d.read(sim.room)).toContain('with d');
});

test('M10, R15: a closed mission closes its rooms for everybody who knows', async () => {
  const { a, b, sim } = await cast(['a@pa', 'b@pb']);
  const motion = { a: 'close', c: 'swarm', u: sim.cid };
  const votes = [await vote(a, a.mission, motion)];
  await sync(a, b);
  votes.push(await vote(b, b.mission, motion));
  const unaware = await a.say(sim.room, 'still open here');
  await resolve(b, b.mission, motion, votes);
  await sync(a, b);
  expect(sim.of(b).has(unaware.sid)).toBe(true);
  await expect(a.say(sim.room, 'closed?')).rejects.toThrow('R15');
  await a.write(sim.of(a), 'leave');
});

test('a late mission commit of the banned does not lock out somebody unaware who knew it (M3)', async () => {
  const { a, b, c, d, sim } = await cast(['a@pa', 'b@pb', 'c@pc', 'd@pd']);
  const e = await admitted(c, 'e@pc');
  await c.add(sim.room, e.keys.mfp);
  await sync(a, b, c, d, e);
  await e.write(sim.of(e), 'join', {});
  await sync(a, b, c, d, e);
  await banInMission(d, [a, b, c]);
  const x = Buffer.from(scalarKey(seedOf('late pre-key')).publicKey).toString('base64url');
  const pre = { id: Buffer.alloc(8).toString('base64url'), x };
  const late = await d.write(d.mission, 'devadd', { pre });
  await e.mission.admit([late]);
  await e.rotate(sim.room);
  const unaware = await e.say(sim.room, 'I only knew the pre-key');
  await a.pull(e);
  expect(sim.of(a).has(unaware.sid)).toBe(true);
  expect(a.mission.order().hidden).toMatchObject([{ op: { sid: late.sid }, reason: 'removed' }]);
});
