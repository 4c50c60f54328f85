import { beforeEach, describe, expect, it } from 'vitest';
import type { Circle } from '#client/calls/circle.ts';
import { Mailbox } from '#client/calls/mailbox.ts';
import type { Self } from '#client/self.ts';
import { deviceFingerprint } from '#protocol/codec/fingerprint.ts';
import { toB32, toB64u } from '#protocol/codec/text-form.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { MovedClock, settle } from '../../../support/client/fake-calls.ts';
import { nodeEngine } from '../../../../appliance/terminal/platform/node-engine.ts';

const cid = toB32(new Uint8Array(32).fill(9));
const call = toB64u(new Uint8Array(16));

interface Device {
  self: Self;
  box: Mailbox;
  heard: string[];
  /** Whether there is a link now. */
  link: { isUp: boolean };
}

let clock: MovedClock;
/** Everything that went over the broker, as it saw it. */
let wire: { topic: string; payload: Uint8Array }[];
let members: Map<string, Device>;

const circle = {
  keysOf: (device: string) => {
    const known = members.get(device);
    if (!known) return undefined;
    const { agreement, signer } = known.self.device;
    return { sign: toB64u(signer.publicKey), seal: agreement.publicKey };
  },
} as unknown as Circle;

async function makeDevice(fill: number): Promise<Device> {
  const signer = seedSigner(new Uint8Array(32).fill(fill));
  const agreement = scalarKey(new Uint8Array(32).fill(fill + 1));
  const self = {
    device: { signer, agreement },
    dfp: deviceFingerprint(signer.publicKey),
  } as unknown as Self;
  const heard: string[] = [];
  const link = { isUp: true };
  const box = new Mailbox({
    engine: nodeEngine,
    clock,
    self,
    circle,
    rooms: () => [],
    publish: (topic, payload) => {
      if (!link.isUp) return Promise.resolve(false);
      wire.push({ topic, payload });
      return Promise.resolve(true);
    },
    onMail: ({ t }) => heard.push(t),
    onEphemeral: () => undefined,
  });
  const device = { self, box, heard, link };
  members.set(self.dfp, device);
  await settle();
  return device;
}

let anna: Device;
let ben: Device;

beforeEach(async () => {
  clock = new MovedClock();
  wire = [];
  members = new Map();
  anna = await makeDevice(1);
  ben = await makeDevice(11);
});

/** What the broker carried so far, in the order it chooses. */
async function deliver(to: Device, messages = wire.splice(0)): Promise<void> {
  for (const { topic, payload } of messages) to.box.receive(topic, payload);
  await settle();
}

describe('mail', () => {
  it('arrives once, in order, and says nothing to the broker', async () => {
    anna.box.send(ben.self.dfp, cid, 'call', { call, k: 'audio' });
    anna.box.send(ben.self.dfp, cid, 'hangup', { call });
    await settle();
    expect(Buffer.concat(wire.map(({ payload }) => payload)).includes('audio')).toBe(false);
    await deliver(ben);
    expect(ben.heard).toEqual(['call', 'hangup']);
  });

  it('does not ring again when the broker plays it back', async () => {
    anna.box.send(ben.self.dfp, cid, 'call', { call, k: 'audio' });
    await settle();
    const recorded = [...wire];
    await deliver(ben);
    await deliver(ben, recorded);
    expect(ben.heard).toEqual(['call']);
  });

  it('cannot be put under another sender’s name', async () => {
    const cleo = await makeDevice(21);
    cleo.box.send(ben.self.dfp, cid, 'hangup', { call });
    await settle();
    const forged = wire.map(({ payload }) => ({
      topic: `d/${ben.self.dfp}/${anna.self.dfp}`,
      payload,
    }));
    await deliver(ben, forged);
    expect(ben.heard).toEqual([]);
  });

  it('is not taken from a device that the mission does not know', async () => {
    anna.box.send(ben.self.dfp, cid, 'call', { call, k: 'audio' });
    await settle();
    members.delete(anna.self.dfp);
    await deliver(ben);
    expect(ben.heard).toEqual([]);
  });

  it('survives garbage, which is dropped in silence', async () => {
    const topic = `d/${ben.self.dfp}/${anna.self.dfp}`;
    for (const length of [0, 1, 31, 32, 56, 400]) {
      ben.box.receive(topic, nodeEngine.random(length));
    }
    anna.box.send(ben.self.dfp, cid, 'call', { call, k: 'video' });
    await settle();
    await deliver(ben);
    expect(ben.heard).toEqual(['call']);
  });

  it('waits for the link half a minute, and then is not worth sending', async () => {
    anna.link.isUp = false;
    anna.box.send(ben.self.dfp, cid, 'call', { call, k: 'audio' });
    await settle();
    await clock.pass(20_000);
    anna.box.send(ben.self.dfp, cid, 'hangup', { call });
    await clock.pass(15_000);
    anna.link.isUp = true;
    anna.box.flush();
    await settle();
    await deliver(ben);
    expect(ben.heard).toEqual(['hangup']);
  });

  it('is not the mailbox’s business on any other topic', () => {
    for (const topic of ['b/x', 's/x/h/y', `d/${anna.self.dfp}/x`, 'd']) {
      expect(ben.box.receive(topic, new Uint8Array())).toBe(false);
    }
  });
});
