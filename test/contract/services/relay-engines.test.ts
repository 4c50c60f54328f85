import { execFile } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Peer } from '../../../appliance/services/relay/process/addresses.ts';
import { ATTRIBUTE, encodeStun } from '../../../appliance/services/relay/process/stun.ts';
import { openRelayBox, portOf, type RelayBox } from '../../support/relay-box.ts';
import { seeded, seededBytes } from '../../support/seeded.ts';
import {
  channelOf,
  codeOf,
  lanAddress,
  lifetimeOf,
  METHOD,
  peerOf,
  tcpWire,
  TurnClient,
  udpWire,
} from '../../support/turn-client.ts';
import { until } from '../../support/until.ts';

const never = new AbortController().signal;
const wires = [
  ['UDP', udpWire],
  ['TCP', tcpWire],
] as const;

/** What both engines promise behind `TurnProvider`, seen by clients that are not ours and by one that is. */
describe.each(['node-turn', 'coturn'])('the relay with %s', (engine) => {
  const lan = lanAddress();
  let box: RelayBox;
  let clients: TurnClient[];
  beforeEach(async () => {
    clients = [];
    box = await openRelayBox(lan, { engine, allocationsPerDeviceCount: 3 });
  });
  afterEach(async () => {
    for (const client of clients) client.close();
    await box.close();
  });

  function client(wire: (typeof wires)[number][1], device = 'device'): TurnClient {
    const made = new TurnClient(box.server, box.relay.credentials(device, 600), wire);
    clients.push(made);
    return made;
  }

  async function codeFor(one: TurnClient, ...question: Parameters<TurnClient['ask']>) {
    const answer = await one.ask(...question);
    return answer ? codeOf(answer) : -1;
  }

  const stock = (...args: string[]) => tool('turnutils_uclient', args);
  const login = (username: string, credential: string) => [
    ...['-u', username, '-w', credential, '-p', String(box.server.port), box.server.address],
  ];

  it('tells a stock STUN client its address', async () => {
    const { text } = await tool('turnutils_stunclient', [
      ...['-p', String(box.server.port), box.server.address],
    ]);
    expect(text).toMatch(new RegExp(`reflexive addr: ${lan}:\\d+`));
  });

  it.each([
    ['channels over UDP', []],
    ['Send indications over UDP', ['-s']],
    ['channels over TCP', ['-t']],
    ['Send indications over TCP', ['-t', '-s']],
  ])('relays for a stock client by %s without losing a packet', async (_, mode) => {
    const { username, credential } = box.relay.credentials('device', 600);
    const { text } = await stock(
      '-y',
      '-c',
      '-n',
      '10',
      '-m',
      '2',
      ...mode,
      ...login(username, credential),
    );
    expect(text).toContain('tot_send_msgs=20, tot_recv_msgs=20');
    expect(text).toContain('Total lost packets 0 ');
  });

  it('takes credentials in their time only, and only with their password', async () => {
    for (const wire of [udpWire, tcpWire]) {
      const good = box.relay.credentials('device', 600);
      const expired = { ...good, username: `1000000000${good.username.slice(10)}` };
      for (const bad of [expired, { ...good, credential: 'guess' }]) {
        const one = new TurnClient(box.server, bad, wire);
        clients.push(one);
        expect(await one.allocate()).toBe(401);
      }
      expect(await client(wire).allocate()).toBeTypeOf('object');
    }
  });

  it('refuses a stock client with a wrong password', async () => {
    const { username } = box.relay.credentials('device', 600);
    const { text } = await stock('-y', '-c', '-n', '1', '-m', '1', ...login(username, 'guess'));
    expect(text).toContain('Cannot complete Allocation');
  });

  it('takes over what the clients on UDP and on TCP say to each other', async () => {
    const [red, blue] = [client(udpWire, 'red'), client(tcpWire, 'blue')];
    const [redRelay, blueRelay] = [(await red.allocate()) as Peer, (await blue.allocate()) as Peer];
    expect(await codeFor(red, METHOD.channelBind, [channelOf(0x4001), peerOf(blueRelay)])).toBe(0);
    expect(await codeFor(blue, METHOD.channelBind, [channelOf(0x4002), peerOf(redRelay)])).toBe(0);
    red.send(Buffer.from('400100056865696c6f000000', 'hex'));
    blue.send(Buffer.from('4002000101000000', 'hex'));
    await until('both', () => blue.channelData.length > 0 && red.channelData.length > 0);
    expect(blue.channelData[0]?.subarray(0, 9).toString('hex')).toBe('400200056865696c6f');
    expect(red.channelData[0]?.subarray(0, 5).toString('hex')).toBe('4001000101');
  });

  it('refuses peers inside the machine, in groups and in reserved networks', async () => {
    const one = client(udpWire);
    await one.allocate();
    for (const address of ['127.0.0.1', '0.0.0.0', '169.254.169.254', '224.0.0.251', '240.0.0.1']) {
      const peer = peerOf({ address, port: 50_000 });
      expect(await codeFor(one, METHOD.createPermission, [peer]), address).toBe(403);
      expect(await codeFor(one, METHOD.channelBind, [channelOf(0x4001), peer]), address).toBe(403);
    }
    expect(
      await codeFor(one, METHOD.createPermission, [peerOf({ address: '10.3.3.3', port: 9 })]),
    ).toBe(0);
  });

  it('counts the allocations of a device over UDP and TCP together, and gives them back', async () => {
    const first = client(udpWire);
    for (const one of [first, client(tcpWire), client(udpWire)]) {
      expect(await one.allocate()).toBeTypeOf('object');
    }
    expect(await client(tcpWire).allocate()).toBe(486);
    expect(await client(udpWire, 'other').allocate()).toBeTypeOf('object');
    expect(await codeFor(first, METHOD.refresh, [lifetimeOf(0)])).toBe(0);
    const isOpen = async () => typeof (await client(udpWire).allocate()) === 'object';
    await until('a place is free', isOpen);
  });

  it.each(wires)('keeps an allocation that is refreshed over %s', async (_, wire) => {
    const one = client(wire);
    await one.allocate();
    const answer = await one.ask(METHOD.refresh, [lifetimeOf(1200)]);
    const lifetime = answer?.attributes.find(({ type }) => type === ATTRIBUTE.lifetime);
    expect(lifetime?.value.readUInt32BE(0)).toBe(1200);
  });

  it('is not disturbed by garbage over UDP and TCP', async () => {
    const random = seeded(11);
    const insider = client(udpWire, 'insider');
    expect(await insider.allocate()).toBeTypeOf('object');
    const binding = encodeStun({
      kind: 0,
      method: 1,
      transaction: Buffer.alloc(12),
      attributes: [],
    });
    for (let round = 0; round < 60; round++) {
      const bytes = seededBytes(random, 1 + Math.floor(random() * 200));
      const bent = Buffer.from(binding);
      bent[Math.floor(random() * 20)] = Math.floor(random() * 256);
      const stranger = client(tcpWire);
      for (const one of [bytes, bent]) {
        stranger.send(one);
        insider.send(one);
      }
      stranger.close();
    }
    const { pid } = box.provider;
    const alive = async () => (await codeFor(insider, METHOD.refresh, [])) === 0;
    await until('it answers', alive);
    expect(await client(tcpWire, 'late').allocate()).toBeTypeOf('object');
    expect(box.relay.health().status).toBe('ok');
    expect(box.provider.pid).toBe(pid);
  });

  it('is noticed when it is killed, and comes back with credentials that stay good', async () => {
    const login = box.relay.credentials('device', 600);
    const { pid } = box.provider;
    process.kill(pid ?? 0, 'SIGKILL');
    await until('noticed', () => box.relay.health().status === 'failed');
    await box.relay.stop();
    expect(() => box.relay.credentials('x', 60)).toThrow(
      expect.objectContaining({ code: 'RELAY_NOT_RUNNING' }),
    );
    await box.relay.start(never);
    expect(box.provider.pid).not.toBe(pid);
    const one = new TurnClient({ ...box.server, port: portOf(box.relay) }, login);
    clients.push(one);
    expect(await one.allocate()).toBeTypeOf('object');
  });

  it('says in a sentence that its port is taken', async () => {
    const refusal = await openRelayBox(lan, { engine, port: box.server.port }).catch(
      (error: unknown) => error,
    );
    expect(refusal).toMatchObject({ name: 'Refusal' });
    expect((refusal as { sentence: string }).sentence).toContain(`Port ${box.server.port}`);
  });
});

/** What a stock tool writes; it tries for ever, so it is given some seconds. */
function tool(program: string, args: readonly string[]): Promise<{ text: string }> {
  return new Promise((resolve) => {
    execFile('timeout', ['20', program, ...args], (_error, stdout, stderr) => {
      resolve({ text: stdout + stderr });
    });
  });
}
