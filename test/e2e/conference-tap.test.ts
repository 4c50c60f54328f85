import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { silentLogger } from '#kernel/log.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import {
  conferenceConfig,
  createConference,
  type ConferenceService,
} from '../../appliance/services/conference/index.ts';
import { roomId } from '../../appliance/services/conference/rooms.ts';
import { Doors } from '../support/doors.ts';
import type { Frames, Revealed } from '../support/sfu-page/decode.ts';
import type { Decoded } from '../support/sfu-page/page.ts';
import { SfuPages } from '../support/sfu-pages.ts';
import { SfuTap } from '../support/sfu-tap.ts';
import { until } from '../support/until.ts';

/**
 * What the box's owner gets out of a conference: at a fourth seat without keys, and from a tap in
 * the SFU itself. The same tap opens a conference whose frames are not sealed, so it works.
 */
const never = new AbortController().signal;
const fp = (name: string): string => name.padEnd(52, 'a');
const cid = fp('talk');
const names = ['red', 'blue', 'green'].map(fp);
/** Energy of the comfort noise that a browser makes up where nothing comes; a voice has a million times more. */
const noise = 1e-6;

const pages = new SfuPages();
const tap = new SfuTap();
let service: ConferenceService;

beforeAll(async () => {
  tap.start();
  await pages.start();
  service = createConference(
    {
      addresses: () => ['127.0.0.1'],
      insiders: { isInside: () => true },
      clock: systemClock,
      log: silentLogger,
    },
    conferenceConfig.parse({ rtcPort: 0, workersCount: 1 }),
  );
  await service.start(never);
});
afterAll(async () => {
  await pages.stop();
  await service?.stop();
  tap.stop();
});

/** Calls what the page offers to the test. */
function call<T>(page: Page, name: string, ...given: unknown[]): Promise<T> {
  const run = ([of, all]: readonly [string, unknown[]]) =>
    (window as unknown as Record<string, (...all: unknown[]) => unknown>)[of]?.(...all);
  return page.evaluate(run, [name, given] as const) as Promise<T>;
}

/** Three who send the known picture and tone, each knowing the keys of the two others if frames are sealed. */
async function conference(byte: number, isSealed: boolean) {
  const conf = toB64u(new Uint8Array(16).fill(byte));
  const room = roomId(cid, conf);
  const open = (name: string) => pages.open(name, room, service.routes);
  const three = await Promise.all(names.map(open));
  const keys = isSealed
    ? await Promise.all(three.map((one) => call(one, 'seal', conf, names)))
    : [];
  for (const page of three) {
    for (const [place, key] of keys.entries()) await call(page, 'trust', names[place], key);
    await call(page, 'join', { cid, conf }, true);
  }
  return { conf, room, three, open };
}

/** What the tap writes down of the first participant. */
async function dump(room: string): Promise<{ video: Buffer[]; audio: Buffer[] }> {
  const caller = { device: fp('red'), member: fp('m'), party: fp('p') };
  const { json } = await new Doors(service.routes).ask('GET', `/v1/rooms/${room}`, { caller });
  const { producers } = json as { producers: { id: string; d: string; kind: string }[] };
  const of = (kind: string) => producers.find((one) => one.d === fp('red') && one.kind === kind);
  const [video, audio] = await Promise.all([
    tap.frames(of('video')?.id ?? '', 60),
    tap.frames(of('audio')?.id ?? '', 200),
  ]);
  return { video, audio };
}

function reveal(page: Page, { video, audio }: { video: Buffer[]; audio: Buffer[] }) {
  const text = (frames: Buffer[]) => frames.map((one) => one.toString('base64'));
  return call<Revealed>(page, 'decode', {
    video: text(video),
    audio: text(audio),
  } satisfies Frames);
}

test('a fourth without keys receives all and decodes nothing, and a tap in the SFU shows neither picture nor tone', async () => {
  const { conf, open, room, three } = await conference(1, true);
  const fourth = await open(fp('fourth'));
  await call(fourth, 'seal', conf, [fp('fourth')]);
  await call(fourth, 'join', { cid, conf }, true);
  for (const page of three) {
    await until(
      'picture and sound of others',
      async () => {
        const { audioEnergy, framesDecoded } = await call<Decoded>(page, 'look');
        return framesDecoded > 40 && audioEnergy > 0.01;
      },
      30_000,
    );
  }
  const received = await until(
    'media of all three at the fourth',
    async () => {
      const seen = await call<Decoded>(fourth, 'look');
      return seen.streams === 6 ? seen : undefined;
    },
    30_000,
  );
  expect(received.framesDecoded).toBe(0);
  expect(received.audioEnergy).toBeLessThan(noise);

  const dumped = await dump(room);
  const revealed = await reveal(fourth, dumped);
  expect(revealed.pictures).toBe(0);
  // Opus makes some noise of whatever it is given, so the tone is what is looked for.
  expect(revealed.tone).toBeLessThan(0.1);
  for (const page of [...three, fourth]) await page.close();
});

test('the same tap shows picture and tone of a conference whose frames are not sealed', async () => {
  const { room, three } = await conference(2, false);
  const dumped = await dump(room);
  const revealed = await reveal(three[1] as Page, dumped);
  expect(revealed.pictures).toBeGreaterThan(30);
  expect(revealed.tone).toBeGreaterThan(0.5);
});
