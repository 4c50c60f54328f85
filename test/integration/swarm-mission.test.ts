import { afterAll, beforeAll, expect, test } from 'vitest';
import { paperFounding, type PaperFounding } from '../support/founders.ts';
import type { PaperDevice, PushAnswer } from '../support/paper-device.ts';
import {
  foundMission,
  foundPost,
  post,
  revealAll,
  roomOnDisk,
  SwarmBox,
} from '../support/swarm-box.ts';

const canary = 'Wagtail Marmalade';
let room: Awaited<ReturnType<typeof roomOnDisk>>;
let box: SwarmBox;
let paper: PaperFounding;
let red: PaperDevice;
let blue: PaperDevice;

beforeAll(async () => {
  room = await roomOnDisk();
  box = await new SwarmBox(room.path).start();
  paper = await paperFounding(2, canary);
  [red, blue] = (await foundMission(box, paper)) as [PaperDevice, PaperDevice];
});
afterAll(async () => {
  await box.service.stop();
  await room.remove();
});

const pushed = async (
  device: PaperDevice,
  cid: string,
  ...commits: Parameters<PaperDevice['push']>[1]
) => {
  const answer = await device.push(cid, commits);
  expect(answer.code).toBe('');
  return answer.json as PushAnswer;
};

test('a founding of two parties makes one mission that both have whole', () => {
  expect(red.mission.heads.map(({ sid }) => sid).sort()).toEqual(
    blue.mission.heads.map(({ sid }) => sid).sort(),
  );
  expect(red.mission.size).toBe(3);
  expect(box.service.membership.device(red.caller.device)).toMatchObject({
    member: red.caller.member,
    party: red.caller.party,
  });
});

test('a room is begun, written in, and read by the other party', async () => {
  const { cid, genesis } = await red.begin([red.caller.member, blue.caller.member]);
  const made = await red.create([genesis]);
  expect((made.json as PushAnswer).ok).toEqual([genesis.sid]);
  const swarms = await box.doors.ask('GET', '/v1/s', { caller: blue.caller });
  expect(swarms.json).toEqual([{ cid: red.missionCid }, { cid, parent: red.missionCid }]);
  await blue.sync(cid);
  const joined = await blue.write(cid, { k: 'join', x: {} });
  expect((await pushed(blue, cid, joined)).ok).toEqual([joined.sid]);
  await red.sync(cid);
  const epoch = await red.epoch(cid);
  const said = await red.say(cid, canary);
  const answer = await pushed(red, cid, epoch, said);
  expect(answer).toMatchObject({ ok: [epoch.sid, said.sid], no: [], parked: [], head: said.oid });
  await blue.sync(cid);
  expect(blue.room(cid).replica.has(said.sid)).toBe(true);
});
