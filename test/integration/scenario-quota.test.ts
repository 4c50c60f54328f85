import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { paperFounding } from '../support/founders.ts';
import type { PaperDevice } from '../support/paper-device.ts';
import { foundMission, roomOnDisk, SwarmBox } from '../support/swarm-box.ts';

let room: Awaited<ReturnType<typeof roomOnDisk>>;
let box: SwarmBox;
let red: PaperDevice;
let blue: PaperDevice;

beforeEach(async () => {
  room = await roomOnDisk();
  box = await new SwarmBox(room.path, { storeBytes: 120_000 }).start();
  [red, blue] = (await foundMission(box, await paperFounding(2))) as [PaperDevice, PaperDevice];
});
afterEach(async () => {
  await box.service.stop();
  await room.remove();
});

test('I2: bytes count against the party that brings them, whoever wrote them', async () => {
  const { cid, genesis } = await red.begin([red.caller.member, blue.caller.member]);
  await red.create([genesis, await red.epoch(cid)]);
  await blue.sync(cid);
  await blue.push(cid, [await blue.write(cid, { k: 'join', x: {} })]);
  await blue.epoch(cid);
  const unsent: Commit[] = [];
  for (let i = 0; i < 20; i++) unsent.push(await blue.say(cid, 'x'.repeat(3000)));
  const all = [...blue.room(cid).replica.commits()];
  const own = all.filter(({ envelope }) => envelope.d === blue.caller.device);
  const answers = [];
  for (const commit of own) answers.push((await red.push(cid, [commit])).code);
  const full = answers.findIndex((code) => code === 'SWARM_SHARE_USED');
  expect(full).toBeGreaterThan(3);
  // Red's share is used up by what Blue wrote; Blue's own is as good as untouched.
  expect(answers.slice(full).every((code) => code === 'SWARM_SHARE_USED')).toBe(true);
  const next = own.slice(full, full + 3);
  expect((await blue.push(cid, next)).json).toMatchObject({ ok: next.map(({ sid }) => sid) });
});
