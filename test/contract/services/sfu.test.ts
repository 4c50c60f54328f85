import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MediasoupSfu } from '../../../appliance/services/conference/mediasoup-sfu.ts';
import type {
  Sfu,
  SfuRouter,
  SfuTransport,
  SfuWorker,
} from '../../../appliance/services/conference/sfu.ts';
import { FakeSfu, FakeWorker } from '../../support/fake-sfu.ts';
import { audioLevel, dtls, opus, receivesAll, vp8 } from '../../support/media-samples.ts';

const engines: [name: string, sfu: () => Sfu][] = [
  ['mediasoup', () => new MediasoupSfu()],
  ['the fake of the unit tests', () => new FakeSfu()],
];

/** What rooms rely on, whichever SFU it is. */
describe.each(engines)('an SFU, %s', (_name, make) => {
  let worker: SfuWorker;
  let router: SfuRouter;
  let send: SfuTransport;
  let receive: SfuTransport;
  beforeEach(async () => {
    const addresses = ['127.0.0.1'];
    worker = await make().openWorker({ addresses, announcedAddress: undefined, port: 0 });
    router = await worker.openRouter();
    send = await router.openTransport(1_000_000);
    receive = await router.openTransport(1_000_000);
  });
  afterEach(() => worker.close());

  const refusal = (done: Promise<unknown>) =>
    done.then(
      () => 'taken',
      () => 'refused',
    );

  it('forwards Opus and VP8 only, and negotiates nothing that says who speaks', () => {
    const text = JSON.stringify(router.capabilities);
    const { codecs } = receivesAll(router.capabilities);
    const names = new Set(codecs.map(({ mimeType }) => mimeType));
    names.delete('video/rtx');
    expect(names).toEqual(new Set(['audio/opus', 'video/VP8']));
    expect(text).not.toContain(audioLevel);
    expect(text).not.toMatch(/capture-time|video-orientation/);
  });

  it('tells a browser of literal addresses only', () => {
    const candidates = receive.candidates as { ip: string }[];
    expect(candidates.map(({ ip }) => ip)).toEqual(candidates.map(() => '127.0.0.1'));
    expect(candidates.length).toBeGreaterThan(0);
    expect(send.isConnected).toBe(false);
  });

  it('takes a stream, and hands it to another browser, paused until asked', async () => {
    await send.connect(dtls);
    const [sound, picture] = [
      await send.produce('audio', opus(11)),
      await send.produce('video', vp8(22)),
    ];
    const caps = receivesAll(router.capabilities);
    const heard = await receive.consume(sound.id, caps);
    const seen = await receive.consume(picture.id, caps);
    expect([heard.kind, seen.kind]).toEqual(['audio', 'video']);
    for (const consumer of [heard, seen]) {
      await consumer.resume();
      await consumer.resume();
      consumer.close();
    }
  });

  it('refuses what it cannot use', async () => {
    const sound = await send.produce('audio', opus(11));
    expect(await refusal(send.produce('audio', opus(11)))).toBe('refused');
    const deaf = { codecs: [], headerExtensions: [] };
    expect(await refusal(receive.consume(sound.id, deaf))).toBe('refused');
    expect(await refusal(receive.consume('nobody', receivesAll(router.capabilities)))).toBe(
      'refused',
    );
    await send.connect(dtls);
    expect(await refusal(send.connect(dtls))).toBe('refused');
  });

  it('lets nothing out of a room into another', async () => {
    const other = await worker.openRouter();
    const elsewhere = await other.openTransport(1_000_000);
    const sound = await send.produce('audio', opus(11));
    const caps = receivesAll(other.capabilities);
    expect(await refusal(elsewhere.consume(sound.id, caps))).toBe('refused');
    other.close();
  });

  it('ends streams with their transport, and transports with their router', async () => {
    const caps = receivesAll(router.capabilities);
    const sound = await send.produce('audio', opus(11));
    send.close();
    expect(await refusal(receive.consume(sound.id, caps))).toBe('refused');
    router.close();
    expect(await refusal(receive.connect(dtls))).toBe('refused');
  });

  it('says that a worker has died', async () => {
    const told = new Promise<void>((resolve) => worker.onDeath(resolve));
    expect(worker.isDead).toBe(false);
    if (worker instanceof FakeWorker) worker.die();
    else process.kill(worker.pid, 'SIGKILL');
    await told;
    expect(worker.isDead).toBe(true);
    expect(await refusal(worker.openRouter())).toBe('refused');
  });
});
