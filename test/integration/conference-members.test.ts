import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { silentLogger } from '#kernel/log.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { publishFacts } from '../../appliance/publishing.ts';
import type { BrokerService } from '../../appliance/services/broker/index.ts';
import { ConferenceService } from '../../appliance/services/conference/conference-service.ts';
import { conferenceConfig } from '../../appliance/services/conference/index.ts';
import { roomId } from '../../appliance/services/conference/rooms.ts';
import { Doors } from '../support/doors.ts';
import { FakeSfu } from '../support/fake-sfu.ts';
import { paperFounding } from '../support/founders.ts';
import type { PaperDevice } from '../support/paper-device.ts';
import { foundMission, roomOnDisk, SwarmBox } from '../support/swarm-box.ts';

const conf = toB64u(new Uint8Array(16).fill(3));
let disk: Awaited<ReturnType<typeof roomOnDisk>>;
let box: SwarmBox;
let red: PaperDevice;
let blue: PaperDevice;
let conference: ConferenceService;
let doors: Doors;
let cid: string;
const published: { topic: string; text: string }[] = [];

beforeAll(async () => {
  disk = await roomOnDisk();
  box = await new SwarmBox(disk.path).start();
  [red, blue] = (await foundMission(box, await paperFounding(2))) as [PaperDevice, PaperDevice];
  conference = new ConferenceService(
    {
      sfu: new FakeSfu(),
      addresses: () => ['127.0.0.1'],
      insiders: box.service.membership,
      clock: systemClock,
      log: silentLogger,
    },
    conferenceConfig.parse({ workersCount: 1 }),
  );
  const broker = {
    publish: async (topic: string, payload: Uint8Array) =>
      void published.push({ topic, text: new TextDecoder().decode(payload) }),
    onReady: () => {},
  } as unknown as BrokerService;
  publishFacts({ swarm: box.service, conference, broker }, silentLogger);
  await conference.start(new AbortController().signal);
  doors = new Doors(conference.routes);
  const begun = await red.begin([red.caller.member, blue.caller.member]);
  cid = begun.cid;
  await red.create([begun.genesis]);
  await blue.sync(cid);
});
afterAll(async () => {
  await conference.stop();
  await box.service.stop();
  await disk.remove();
});

const join = (who: PaperDevice) =>
  doors.ask('POST', `/v1/rooms/${roomId(cid, conf)}/join`, {
    caller: who.caller,
    body: { cid, conf },
  });
const state = (who: PaperDevice) =>
  doors.ask('GET', `/v1/rooms/${roomId(cid, conf)}`, { caller: who.caller });

test('who is only invited to a conversation has no part in its conference; who has joined has', async () => {
  expect((await join(red)).code).toBe('');
  expect((await join(blue)).code).toBe('CONFERENCE_NOT_INSIDE');
  expect((await blue.push(cid, [await blue.write(cid, { k: 'join', x: {} })])).code).toBe('');
  expect((await join(blue)).code).toBe('');
  expect((await state(red)).json).toMatchObject({
    peers: [red.caller.device, blue.caller.device],
  });
  const hint = `{"r":"${roomId(cid, conf)}","t":"room"}`;
  expect(published).toContainEqual({ topic: `b/${red.caller.device}`, text: hint });
});

test('whoever leaves the conversation is out of its conference with the same commit', async () => {
  published.length = 0;
  expect((await blue.push(cid, [await blue.write(cid, { k: 'leave' })])).code).toBe('');
  expect((await state(red)).json).toMatchObject({ peers: [red.caller.device] });
  const hint = `{"r":"${roomId(cid, conf)}","t":"room"}`;
  for (const who of [red, blue]) {
    expect(published).toContainEqual({ topic: `b/${who.caller.device}`, text: hint });
  }
  expect((await state(blue)).code).toBe('CONFERENCE_NOT_INSIDE');
});
