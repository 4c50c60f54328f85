import { expect, it } from 'vitest';
import { toB64u } from '#protocol/codec/text-form.ts';
import { ReceiverKeys } from '#protocol/media/receiver-keys.ts';
import { announcementOf, SenderKeys } from '#protocol/media/sender-keys.ts';
import type { StreamEntry } from '#protocol/media/signal-form.ts';
import { cutFrame } from '../../../../web/e2ee/frame-format.ts';
import { FrameWorker } from '../../../../web/e2ee/frame-worker.ts';
import { IncomingFrames } from '../../../../web/e2ee/incoming-frames.ts';
import type { FromWorker } from '../../../../web/e2ee/messages.ts';
import { OutgoingFrames } from '../../../../web/e2ee/outgoing-frames.ts';
import { Tally } from '../../../../web/e2ee/tally.ts';
import { webCipher } from '../../../../web/e2ee/web-cipher.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { seeded, seededBytes } from '../../../support/seeded.ts';
import { signallingDevice, someId } from '../../../support/signalling.ts';

const ann = signallingDevice(1).device;
const random = seeded(2);
const streams: StreamEntry[] = [
  { i: 0, k: 'audio', layer: 0 },
  { i: 1, k: 'video', layer: 0 },
];
const voice = new Uint8Array(seededBytes(random, 80));
const delta = Uint8Array.of(1, ...seededBytes(random, 500));
const key = Uint8Array.of(0, ...seededBytes(random, 5000));

function call() {
  const keys = new SenderKeys(nodeEngine);
  const tally = new Tally();
  const table = new ReceiverKeys(someId);
  const tell = (session = keys.key) =>
    table.announce(ann, announcementOf(session, { conf: someId, streams, mh: [], to: [ann] }), 0);
  return {
    keys,
    tally,
    table,
    tell,
    outgoing: new OutgoingFrames(webCipher, tally),
    incoming: new IncomingFrames(webCipher, table, tally),
  };
}

const at = (medium: 'audio' | 'video') => ({ device: ann, medium, id: 'r' });

it.each([
  ['audio', 0, voice, 1],
  ['video', 1, delta, 3],
  ['video', 1, key, 10],
] as const)(
  'a frame of %s in stream %i comes out as it went in',
  async (medium, stream, frame, clear) => {
    const { keys, tell, outgoing, incoming } = call();
    tell();
    outgoing.use(keys.key);
    const sealed = (await outgoing.seal(medium, stream, frame))!;
    expect(Buffer.compare(sealed.subarray(0, clear), frame.subarray(0, clear))).toBe(0);
    expect(Buffer.from(sealed).includes(Buffer.from(frame.subarray(clear, clear + 16)))).toBe(
      false,
    );
    const opened = await incoming.open(at(medium), sealed, 1);
    expect(Buffer.compare(opened!.data, frame)).toBe(0);
    expect(opened!.found.stream.i).toBe(stream);
  },
);

it('without a key nothing goes out', async () => {
  const { tally, outgoing } = call();
  expect(await outgoing.seal('audio', 0, voice)).toBeUndefined();
  expect(tally.flush(undefined)).toEqual([{ t: 'dropped', why: 'no-key', frames: 1 }]);
});

it('a clear frame is never shown, and garbage never throws', async () => {
  const { tell, incoming } = call();
  tell();
  for (const frame of [voice, delta, key]) {
    expect(await incoming.open(at('audio'), frame.slice(), 1)).toBeUndefined();
    expect(await incoming.open(at('video'), frame.slice(), 1)).toBeUndefined();
  }
  for (let length = 0; length < 60; length++) {
    const bytes = new Uint8Array(seededBytes(random, length));
    expect(await incoming.open(at('video'), bytes, 1)).toBeUndefined();
  }
});

it('the same key told twice does not start its counters again', async () => {
  const { keys, tally, outgoing } = call();
  const old = keys.key;
  outgoing.use(old);
  await outgoing.seal('audio', 0, voice);
  outgoing.use({ ...old });
  await outgoing.seal('audio', 0, voice);
  outgoing.use(keys.left());
  outgoing.use(old);
  await outgoing.seal('audio', 0, voice);
  const [sent] = tally.flush(undefined);
  if (sent?.t !== 'sent') throw new Error('nothing was sent');
  const places = sent.frames.map(({ generation, ctr }) => [generation, ctr]);
  expect(places).toEqual([
    [0, 0],
    [0, 1],
    [1, 0],
  ]);
});

it('an earlier session does not come back', async () => {
  const { keys, outgoing } = call();
  const other = new SenderKeys(nodeEngine).key;
  outgoing.use(keys.key);
  outgoing.use(other);
  outgoing.use(keys.joined());
  expect(outgoing.session).toBe(other.session);
});

it('a frame that is being sealed when somebody leaves goes out under the new key', async () => {
  const { keys, tally, tell, outgoing, incoming } = call();
  outgoing.use(keys.key);
  const sealing = outgoing.seal('audio', 0, voice);
  outgoing.use(keys.left());
  tell();
  expect(await incoming.open(at('audio'), (await sealing)!, 1)).toBeDefined();
  const [sent] = tally.flush(undefined);
  expect(sent).toMatchObject({ t: 'sent', frames: [{ generation: 1, ctr: 0 }] });
});

it('an SFU cannot show one stream as another, or one device as another', async () => {
  const { keys, tell, outgoing, incoming } = call();
  tell();
  outgoing.use(keys.key);
  const sound = (await outgoing.seal('audio', 0, voice))!;
  expect(await incoming.open(at('video'), sound.slice(), 1)).toBeUndefined();
  const asBen = { ...at('audio'), device: signallingDevice(2).device };
  expect(await incoming.open(asBen, sound.slice(), 1)).toBeUndefined();
  expect(await incoming.open(at('audio'), sound, 1)).toBeDefined();
});

it('a receiver made anew is not fed old frames', async () => {
  const { keys, tell, outgoing, incoming } = call();
  tell();
  outgoing.use(keys.key);
  const sealed = (await outgoing.seal('audio', 0, voice))!;
  expect(await incoming.open(at('audio'), sealed, 1)).toBeDefined();
  expect(await incoming.open({ ...at('audio'), id: 'new' }, sealed, 1)).toBeUndefined();
});

it('a muted stream and a removed device are shown no more', async () => {
  const { keys, table, tell, outgoing, incoming } = call();
  tell();
  outgoing.use(keys.key);
  incoming.mute(ann, keys.key.session, 1);
  const [sound, picture] = [
    (await outgoing.seal('audio', 0, voice))!,
    (await outgoing.seal('video', 1, delta))!,
  ];
  expect(await incoming.open(at('video'), picture, 1)).toBeUndefined();
  expect(await incoming.open(at('audio'), sound, 1)).toBeDefined();
  table.remove(ann, 2);
  const later = (await outgoing.seal('audio', 0, voice))!;
  expect(await incoming.open(at('audio'), later, 3)).toBeUndefined();
});

it('frames too short to be frames are cut nowhere', () => {
  expect(cutFrame('audio', new Uint8Array(0))).toBeUndefined();
  expect(cutFrame('video', new Uint8Array(0))).toBeUndefined();
  expect(cutFrame('video', new Uint8Array(9))).toBeUndefined();
  expect(cutFrame('video', Uint8Array.of(1, 2))).toBeUndefined();
});

it('a sender and a receiver in workers of their own pass frames and report what they saw', async () => {
  const reports: FromWorker[] = [];
  const [a, b] = [1, 2].map(
    () =>
      new FrameWorker(
        (message) => reports.push(message),
        () => 1,
      ),
  );
  const keys = new SenderKeys(nodeEngine);
  const body = announcementOf(keys.key, { conf: someId, streams, mh: [], to: [ann] });
  a!.hear({ t: 'send-key', key: keys.key });
  b!.hear({ t: 'start', conf: someId });
  b!.hear({ t: 'announce', device: ann, body });
  const frames = [delta, delta].map((bytes, i) => ({
    data: bytes.slice().buffer,
    getMetadata: () => ({ synchronizationSource: i + 1 }),
  }));
  const sent: (typeof frames)[number][] = [];
  const shown: ArrayBuffer[] = [];
  await a!.transform({
    options: { way: 'send', medium: 'video', streams: [1] },
    readable: new ReadableStream({
      start: (c) => (frames.forEach((f) => c.enqueue(f)), c.close()),
    }),
    writable: new WritableStream({ write: (frame) => void sent.push(frame as never) }),
  });
  await b!.transform({
    options: { way: 'receive', medium: 'video', id: 'x', device: ann },
    readable: new ReadableStream({ start: (c) => (sent.forEach((f) => c.enqueue(f)), c.close()) }),
    writable: new WritableStream({ write: (frame) => void shown.push(frame.data) }),
  });
  expect(shown.map((data) => toB64u(new Uint8Array(data)))).toEqual([toB64u(delta), toB64u(delta)]);
  a!.report();
  b!.report();
  expect(reports.map((report) => report.t).toSorted()).toEqual([
    'load',
    'load',
    'sent',
    'shown',
    'stream',
  ]);
  const marks = reports.flatMap((report) =>
    report.t === 'sent' || report.t === 'shown' ? [report.frames] : [],
  );
  expect(marks[0]).toEqual(marks[1]);
  // Two encodings with one place share its counter.
  expect(marks[0]!.map((mark) => mark.ctr)).toEqual([0, 1]);
});
