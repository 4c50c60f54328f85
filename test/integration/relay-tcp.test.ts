import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayDevice } from '../support/gateway-device.ts';
import { gatewayBox } from '../support/gateway-box.ts';
import { openRelayBox, type RelayBox } from '../support/relay-box.ts';
import {
  channelOf,
  codeOf,
  lanAddress,
  METHOD,
  peerOf,
  tcpWire,
  TurnClient,
  udpWire,
} from '../support/turn-client.ts';
import { until } from '../support/until.ts';

let box: RelayBox;
let clients: TurnClient[];
beforeEach(() => open({}));
afterEach(close);

async function open(settings: object): Promise<void> {
  clients = [];
  box = await openRelayBox(lanAddress(), settings);
}

async function close(): Promise<void> {
  for (const client of clients) client.close();
  await box.close();
}

async function reopen(settings: object): Promise<void> {
  await close();
  await open(settings);
}

function client(device = 'device', wire: ConstructorParameters<typeof TurnClient>[2] = tcpWire) {
  const made = new TurnClient(box.server, box.relay.credentials(device, 600), wire);
  clients.push(made);
  return made;
}

const isCut = (one: TurnClient): boolean => (one.socket as ReturnType<typeof tcpWire>).isCut();

describe('the TCP door of the relay', () => {
  it('ends an allocation with its connection', async () => {
    await reopen({ allocationsPerDeviceCount: 1 });
    const first = client();
    expect(await first.allocate()).toBeTypeOf('object');
    expect(await client().allocate()).toBe(486);
    first.close();
    await until('free', async () => typeof (await client().allocate()) === 'object');
  });

  it('keeps nothing of a connection that ends while its allocation opens', async () => {
    await reopen({ allocationsPerDeviceCount: 1 });
    for (let round = 0; round < 20; round++) {
      const hasty = client();
      await hasty.greet();
      void hasty.ask(METHOD.allocate, [{ type: 0x0019, value: Buffer.from([17, 0, 0, 0]) }]);
      hasty.close();
    }
    await until('free', async () => typeof (await client().allocate()) === 'object');
    await until('one', () => box.relay.health().says === '1 relayed connection.');
  });

  it('hangs up on what is no TURN, and on frames without end', async () => {
    for (const noise of [
      'GET / HTTP/1.1\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01',
      '\x40\x00\xff\xff',
    ]) {
      const stranger = client();
      stranger.send(Buffer.from(noise, 'latin1'));
      await until('cut', () => isCut(stranger));
    }
    expect(box.relay.health().status).toBe('ok');
  });

  it('reads messages in any pieces', async () => {
    const one = client();
    await one.greet();
    const { server } = box;
    const socket = connect(server.port, server.address);
    await once(socket, 'connect');
    socket.setNoDelay(true);
    const question = Buffer.from(`000100002112a442${'07'.repeat(12)}`, 'hex');
    const answers: Buffer[] = [];
    socket.on('data', (bytes) => answers.push(bytes));
    for (const byte of Buffer.concat([question, question])) socket.write(Buffer.of(byte));
    await until(
      'two answers',
      () => Buffer.concat(answers).toString('hex').split('01010').length > 2,
    );
    socket.destroy();
  });

  it('cuts connections that do nothing, and bounds those of an address', async () => {
    await reopen({ tcpUnknownMs: 300, tcpConnectionsPerAddressCount: 3 });
    const [idle, busy, third] = [client('idle'), client('busy'), client('third')];
    await idle.greet();
    expect(await busy.allocate()).toBeTypeOf('object');
    await third.greet();
    const fourth = client('fourth');
    await until('refused', () => isCut(fourth));
    await until('idle ones cut', () => isCut(idle) && isCut(third));
    expect(isCut(busy)).toBe(false);
    const answer = await busy.ask(METHOD.refresh, []);
    expect(answer && codeOf(answer)).toBe(0);
  });
});

describe('what one allocation may carry', () => {
  it('is bounded; the next second it goes on', async () => {
    await reopen({ allocationBytesPerSecond: 10_000 });
    const [red, blue] = [client('red', udpWire), client('blue', udpWire)];
    const [redRelay, blueRelay] = [await red.allocate(), await blue.allocate()];
    if (typeof redRelay === 'number' || typeof blueRelay === 'number') throw new Error('no relay');
    await red.ask(METHOD.channelBind, [channelOf(0x4001), peerOf(blueRelay)]);
    await blue.ask(METHOD.channelBind, [channelOf(0x4002), peerOf(redRelay)]);
    const data = Buffer.concat([Buffer.from('400103e8', 'hex'), Buffer.alloc(1000)]);
    for (let n = 0; n < 60; n++) red.send(data);
    await until('what is allowed', () => blue.channelData.length >= 8);
    await red.ask(METHOD.refresh, []);
    const count = blue.channelData.length;
    expect(count).toBeLessThan(30);
    const more = async () => {
      red.send(data);
      await red.ask(METHOD.binding, [], { isSigned: false });
      return blue.channelData.length > count;
    };
    await until('it goes on', more);
  });
});

describe('GET /v1/turn', () => {
  it('hands credentials to a signed request, good for a time, and to nobody else', async () => {
    const gateway = await gatewayBox({}, box.relay.routes);
    try {
      expect((await gateway.ask('GET', '/v1/turn')).status).toBe(403);
      const device = await new GatewayDevice(gateway).logIn();
      const answer = (await device.ask('GET', '/v1/turn')).json();
      const { address, port } = box.server;
      expect(answer).toEqual({
        urls: [
          `stun:${address}:${port}`,
          `turn:${address}:${port}?transport=udp`,
          `turn:${address}:${port}?transport=tcp`,
        ],
        username: expect.stringMatching(/^\d{10}:[0-9a-f]{32}$/),
        credential: expect.stringMatching(/^[A-Za-z0-9+/]{27}=$/),
        ttl: 600,
      });
      const login = answer as { username: string; credential: string };
      expect(login.username).not.toContain(device.dfp.slice(0, 8));
      const turn = new TurnClient(box.server, login);
      clients.push(turn);
      expect(await turn.allocate()).toBeTypeOf('object');
      gateway.mounted = { status: 'failed', says: 'The relay is not running.' };
      expect((await device.ask('GET', '/v1/turn')).status).toBe(503);
    } finally {
      await gateway.close();
    }
  });
});
