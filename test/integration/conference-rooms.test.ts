import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#kernel/clock.ts';
import { silentLogger } from '#kernel/log.ts';
import { utf8 } from '#protocol/codec/bytes.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import {
  conferenceConfig,
  createConference,
  type ConferenceService,
} from '../../appliance/services/conference/index.ts';
import { roomId } from '../../appliance/services/conference/rooms.ts';
import { gatewayBox, type GatewayBox } from '../support/gateway-box.ts';
import { GatewayDevice } from '../support/gateway-device.ts';
import { dtls, opus, receivesAll, vp8 } from '../support/media-samples.ts';
import { seeded, seededBytes } from '../support/seeded.ts';
import { until } from '../support/until.ts';

const never = new AbortController().signal;
const cid = 'talk'.padEnd(52, 'a');
const conf = toB64u(new Uint8Array(16).fill(9));
const id = roomId(cid, conf);

let service: ConferenceService;
let box: GatewayBox;
let anna: GatewayDevice;
let boris: GatewayDevice;
let told: { id: string; devices: readonly string[] }[];

beforeEach(async () => {
  const insiders = { isInside: (device: string) => box.devices.has(device) };
  service = createConference(
    { addresses: () => ['127.0.0.1'], insiders, clock: systemClock, log: silentLogger },
    conferenceConfig.parse({ rtcPort: 0, workersCount: 2 }),
  );
  told = [];
  service.events.on('room', (fact) => told.push(fact));
  await service.start(never);
  box = await gatewayBox({}, service.routes);
  anna = await new GatewayDevice(box).logIn();
  boris = await new GatewayDevice(box).logIn();
});
afterEach(async () => {
  await box.close();
  await service.stop();
});

async function ask(who: GatewayDevice, step: string, body: object = {}) {
  const path = step === '' ? `/v1/rooms/${id}` : `/v1/rooms/${id}/${step}`;
  const method = step === '' ? 'GET' : 'POST';
  const bytes = utf8(step === '' ? '' : JSON.stringify(body));
  const headers = { ...who.headers(method, path, bytes), 'content-type': 'application/json' };
  const reply = await box.ask(method, path, { headers, body: bytes });
  return { status: reply.status, json: reply.json() };
}

const join = (who: GatewayDevice) => ask(who, 'join', { cid, conf });

interface Opened {
  id: string;
  ice: { usernameFragment: string };
  candidates: { ip: string; port: number; protocol: string }[];
  dtls: { fingerprints: unknown[] };
}

async function transport(who: GatewayDevice, dir: 'send' | 'recv'): Promise<Opened> {
  const { status, json } = await ask(who, 'transport', { dir });
  expect(status).toBe(200);
  return json as unknown as Opened;
}

describe('a conference through the gateway and the real SFU', () => {
  it('is joined, sent into, received from and left', async () => {
    const joined = await join(anna);
    expect(Object.keys(joined.json).toSorted()).toEqual(['peers', 'producers', 'rtp']);
    await join(boris);
    const sending = await transport(anna, 'send');
    expect(sending.candidates.map(({ ip }) => ip)).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(new Set(sending.candidates.map(({ protocol }) => protocol))).toEqual(
      new Set(['udp', 'tcp']),
    );
    expect((await ask(anna, 'connect', { transport: sending.id, dtls })).json).toEqual({});
    const made = await ask(anna, 'produce', { transport: sending.id, kind: 'video', rtp: vp8(5) });
    expect(told.at(-1)).toEqual({ id, devices: [boris.dfp] });
    const producer = made.json['id'];
    expect((await ask(boris, '')).json).toEqual({
      peers: [anna.dfp, boris.dfp],
      producers: [{ id: producer, d: anna.dfp, kind: 'video' }],
    });
    const receiving = await transport(boris, 'recv');
    const caps = receivesAll(joined.json['rtp']);
    const consumed = await ask(boris, 'consume', { transport: receiving.id, producer, caps });
    expect(Object.keys(consumed.json).toSorted()).toEqual(['id', 'kind', 'rtp']);
    expect((await ask(boris, 'resume', { consumer: consumed.json['id'] })).json).toEqual({});
    expect((await ask(boris, 'close', { consumer: consumed.json['id'] })).json).toEqual({});
    expect((await ask(anna, 'leave')).json).toEqual({});
    expect((await ask(boris, '')).json).toEqual({ peers: [boris.dfp], producers: [] });
  });

  it('refuses media that the SFU refuses, and goes on', async () => {
    await join(anna);
    const sending = await transport(anna, 'send');
    const body = { transport: sending.id, kind: 'audio', rtp: opus(5) };
    expect((await ask(anna, 'produce', body)).status).toBe(200);
    const doubled = await ask(anna, 'produce', body);
    expect([doubled.status, doubled.json['code']]).toEqual([400, 'CONFERENCE_MEDIA_REFUSED']);
    await ask(anna, 'connect', { transport: sending.id, dtls });
    const twice = await ask(anna, 'connect', { transport: sending.id, dtls });
    expect(twice.json['code']).toBe('CONFERENCE_MEDIA_REFUSED');
    expect(service.health().status).toBe('ok');
  });

  it('is there again after its worker was killed, and other rooms go on until then', async () => {
    await join(anna);
    await join(boris);
    told.length = 0;
    for (const pid of service.pids) process.kill(pid, 'SIGKILL');
    await until('told', () => told.length > 0);
    expect(told).toEqual([{ id, devices: [anna.dfp, boris.dfp] }]);
    const gone = await ask(anna, '');
    expect([gone.status, gone.json['code']]).toEqual([409, 'CONFERENCE_ROOM_NONE']);
    await until('replaced', () => service.health().status === 'ok');
    expect((await join(anna)).status).toBe(200);
    await transport(anna, 'send');
  });

  it('is told to all who are in it when the service stops', async () => {
    await join(anna);
    told.length = 0;
    await service.stop();
    expect(told).toEqual([{ id, devices: [anna.dfp] }]);
  });
});

describe('garbage at the ports of the SFU', () => {
  it('of STUN, DTLS, RTP, RTCP and SCTP disturbs nobody', async () => {
    await join(anna);
    const sending = await transport(anna, 'send');
    const port = (protocol: string): number =>
      sending.candidates.find((one) => one.protocol === protocol)?.port ?? 0;
    const random = seeded(23);
    const socket = createSocket('udp4');
    const first = [0x00, 0x01, 0x14, 0x16, 0x17, 0x80, 0x90, 0xc8];
    for (let round = 0; round < 1500; round++) {
      const bytes = seededBytes(random, 1 + Math.floor(random() * 300));
      bytes[0] = first[round % first.length] ?? 0;
      // A STUN cookie, so that some of it is looked at further.
      if (round % 3 === 0 && bytes.length > 8) bytes.writeUInt32BE(0x2112a442, 4);
      socket.send(bytes, port('udp'), '127.0.0.1');
      if (round % 100 === 0) await ask(anna, '');
    }
    for (let round = 0; round < 50; round++) {
      const stranger = connect(port('tcp'), '127.0.0.1');
      stranger.on('error', () => {});
      await once(stranger, 'connect');
      stranger.end(seededBytes(random, 400));
    }
    socket.close();
    const { status } = await ask(anna, 'produce', {
      ...{ transport: sending.id, kind: 'audio', rtp: opus(3) },
    });
    expect(status).toBe(200);
    expect(service.health().status).toBe('ok');
  });
});
