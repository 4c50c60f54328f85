import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ATTRIBUTE,
  encodeStun,
  hasIntegrity,
} from '../../appliance/services/relay/process/stun.ts';
import { openRelayBox, type RelayBox } from '../support/relay-box.ts';
import { seeded, seededBytes } from '../support/seeded.ts';
import {
  codeOf,
  lifetimeOf,
  METHOD,
  transportUdp,
  TurnClient,
  valueOf,
} from '../support/turn-client.ts';
import { until } from '../support/until.ts';

let box: RelayBox;
beforeEach(async () => {
  box = await openRelayBox('127.0.0.1');
});
afterEach(() => box.close());

/** Asks until there is an answer: in a flood, UDP loses some of everybody's datagrams. */
async function expectAlive(): Promise<void> {
  const probe = box.client('probe');
  const ask = () => probe.ask(METHOD.binding, [], { isSigned: false });
  expect(codeOf(await until('an answer', ask))).toBe(0);
  expect(box.relay.health().status).toBe('ok');
}

describe('entry without credentials', () => {
  it('is refused, also with the names that every object has', async () => {
    const natives = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];
    const passwords = [String(Object), '[object Object]', 'undefined', ''];
    for (const username of natives) {
      for (const credential of passwords) {
        const client = new TurnClient(box.server, { username, credential });
        expect(await client.allocate(), `${username} ${credential}`).toBe(401);
        client.close();
      }
    }
    expect(box.relay.health().says).toBe('0 relayed connections.');
  });

  it('is refused to a wrong password, an expired name and a name signed by another box', async () => {
    const good = box.relay.credentials('device', 600);
    const other = await openRelayBox('127.0.0.1');
    const expired = { ...good, username: `1000000000${good.username.slice(10)}` };
    const foreign = other.relay.credentials('device', 600);
    for (const login of [{ ...good, credential: 'guess' }, expired, foreign]) {
      const client = new TurnClient(box.server, login);
      expect(await client.allocate()).toBe(401);
      client.close();
    }
    await other.close();
  });

  it('is refused to a nonce of another process with 438', async () => {
    const client = box.client();
    await client.greet();
    client.nonce = client.nonce.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const answer = await client.ask(METHOD.allocate, [transportUdp]);
    expect(answer && codeOf(answer)).toBe(438);
  });
});

describe('a hostile datagram', () => {
  it('never ends the process, whatever it is and whoever sends it', async () => {
    const random = seeded(7);
    const stranger = box.client();
    const insider = box.client();
    expect(await insider.allocate()).toBeTypeOf('object');
    const pid = box.provider.pid;
    const binding = encodeStun({
      kind: 0,
      method: 1,
      transaction: randomBytes(12),
      attributes: [],
    });
    for (let round = 0; round < 600; round++) {
      const bytes = seededBytes(random, Math.floor(random() * 60));
      const bent = Buffer.from(binding);
      bent[Math.floor(random() * 20)] = Math.floor(random() * 256);
      for (const client of [stranger, insider]) {
        client.send(bytes);
        client.send(bent);
        client.send(Buffer.concat([Buffer.of(0x40, 0), bytes]));
      }
      if (round % 100 === 0) await expectAlive();
    }
    for (const size of [0, 1, 2, 3, 4, 19, 20, 21]) stranger.send(Buffer.alloc(size, 0x40));
    await expectAlive();
    expect(box.provider.pid).toBe(pid);
  }, 30_000);

  it('with attributes that the library cannot read gets its answer all the same', async () => {
    const client = box.client();
    await client.greet();
    const odd = [
      { type: 0x0018, value: Buffer.of(0x80) },
      { type: 0x0017, value: Buffer.of(1, 0, 0, 0) },
      { type: 0xc057, value: Buffer.alloc(4) },
      { type: 0x8023, value: Buffer.alloc(11) },
    ];
    const answer = await client.ask(METHOD.allocate, [transportUdp, ...odd]);
    expect(answer && codeOf(answer)).toBe(0);
    const unknown = await client.ask(METHOD.refresh, [{ type: 0x0001, value: Buffer.alloc(8) }]);
    expect(unknown && codeOf(unknown)).toBe(420);
  });

  it('repeated without a login leaves nothing behind', async () => {
    const client = box.client();
    const nonces = new Set<string>();
    for (let round = 0; round < 300; round++) {
      await client.greet();
      nonces.add(client.nonce);
    }
    // Stateless: all requests within one second are given the same nonce.
    expect(nonces.size).toBeLessThan(20);
  });
});

describe('allocations', () => {
  it('are one for a client address; the same request again is answered again', async () => {
    const client = box.client();
    await client.greet();
    const transaction = randomBytes(12);
    const first = await client.ask(METHOD.allocate, [transportUdp], { transaction });
    const again = await client.ask(METHOD.allocate, [transportUdp], { transaction });
    expect(first && codeOf(first)).toBe(0);
    expect(again && codeOf(again)).toBe(0);
    const relayed = (answer: typeof first) => answer && valueOf(answer, 0x0016).toString('hex');
    expect(relayed(again)).toBe(relayed(first));
    const second = await client.ask(METHOD.allocate, [transportUdp]);
    expect(second && codeOf(second)).toBe(437);
    const refreshed = await client.ask(METHOD.refresh, []);
    expect(refreshed && codeOf(refreshed)).toBe(0);
  });

  it('are counted by device, across credentials, and end at a quota with 486', async () => {
    await box.close();
    box = await openRelayBox('127.0.0.1', { allocationsPerDeviceCount: 2 });
    const [one, two, three, other] = [box.client(), box.client(), box.client(), box.client('b')];
    expect(await one.allocate()).toBeTypeOf('object');
    expect(await two.allocate()).toBeTypeOf('object');
    expect(await three.allocate()).toBe(486);
    expect(await other.allocate()).toBeTypeOf('object');
    await one.ask(METHOD.refresh, [lifetimeOf(0)]);
    expect(await three.allocate()).toBeTypeOf('object');
  });

  it('give their ports back when they are ended or expire', async () => {
    await box.close();
    const ports = { relayMinPort: 50_310, relayMaxPort: 50_311 };
    box = await openRelayBox('127.0.0.1', {
      ...ports,
      allocationSeconds: 1,
      maxAllocationSeconds: 2,
    });
    const [one, two, three] = [box.client('a'), box.client('b'), box.client('c')];
    expect(await one.allocate()).toBeTypeOf('object');
    expect(await two.allocate()).toBeTypeOf('object');
    expect(await three.allocate()).toBe(508);
    await one.ask(METHOD.refresh, [lifetimeOf(0)]);
    expect(await three.allocate()).toBeTypeOf('object');
    for (const client of [one, two]) {
      const isOpen = async () => typeof (await client.allocate()) === 'object';
      await until('a port is free again', isOpen);
    }
  }, 15_000);

  it('stay when they are refreshed, and say for how long, signed', async () => {
    const client = box.client();
    await client.allocate();
    const answer = await client.ask(METHOD.refresh, [lifetimeOf(1200)], { hasFingerprint: true });
    if (!answer) throw new Error('no answer');
    const lifetime = answer.attributes.find(({ type }) => type === ATTRIBUTE.lifetime);
    expect(lifetime?.value.readUInt32BE(0)).toBe(1200);
    const integrity = answer.attributes.find(({ type }) => type === ATTRIBUTE.messageIntegrity);
    expect(integrity && hasIntegrity(answer, integrity, client.key)).toBe(true);
    expect(box.relay.health().says).toMatch(/relayed connection/);
  });

  it('cannot be refreshed with the credentials of another', async () => {
    const client = box.client('a');
    await client.allocate();
    const thief = box.relay.credentials('b', 600);
    const { realm, nonce } = client;
    const key = createHash('md5').update(`${thief.username}:${realm}:${thief.credential}`).digest();
    const transaction = randomBytes(12);
    client.send(
      encodeStun({
        kind: 0,
        method: METHOD.refresh,
        transaction,
        attributes: [
          { type: ATTRIBUTE.username, value: Buffer.from(thief.username) },
          { type: ATTRIBUTE.realm, value: Buffer.from(realm) },
          { type: ATTRIBUTE.nonce, value: Buffer.from(nonce) },
        ],
        key,
      }),
    );
    const answer = await client.answerTo(transaction);
    expect(answer && codeOf(answer)).toBe(441);
  });
});
