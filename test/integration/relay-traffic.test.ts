import { createSocket, type Socket } from 'node:dgram';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readXorAddress, type Peer } from '../../appliance/services/relay/process/addresses.ts';
import {
  ATTRIBUTE,
  encodeStun,
  hasIntegrity,
} from '../../appliance/services/relay/process/stun.ts';
import { openRelayBox, type RelayBox } from '../support/relay-box.ts';
import {
  channelOf,
  codeOf,
  lanAddress,
  METHOD,
  peerOf,
  valueOf,
  type TurnClient,
} from '../support/turn-client.ts';
import { until } from '../support/until.ts';

const lan = lanAddress();
let box: RelayBox;
let red: TurnClient;
let blue: TurnClient;
let redRelay: Peer;
let blueRelay: Peer;

beforeEach(async () => {
  box = await openRelayBox(lan);
  [red, blue] = [box.client('red'), box.client('blue')];
  redRelay = (await red.allocate()) as Peer;
  blueRelay = (await blue.allocate()) as Peer;
});
afterEach(() => box.close());

async function codeFor(
  client: TurnClient,
  method: number,
  parts: Parameters<TurnClient['ask']>[1],
) {
  const answer = await client.ask(method, parts);
  return answer ? codeOf(answer) : -1;
}

function sendIndication(to: Peer, text: string): Buffer {
  return encodeStun({
    kind: 1,
    method: METHOD.send,
    transaction: Buffer.alloc(12, 3),
    attributes: [peerOf(to), { type: ATTRIBUTE.data, value: Buffer.from(text) }],
  });
}

/** The texts and senders of Data indications that a client was given. */
function heardBy(client: TurnClient): { text: string; from: Peer | undefined }[] {
  return client.answers
    .filter(({ kind, method }) => kind === 1 && method === 7)
    .map((message) => ({
      text: valueOf(message, ATTRIBUTE.data).toString(),
      from: readXorAddress(valueOf(message, ATTRIBUTE.xorPeerAddress)),
    }));
}

describe('relayed media', () => {
  it('goes both ways by Send and Data indications once both have permission', async () => {
    expect(await codeFor(red, METHOD.createPermission, [peerOf(blueRelay)])).toBe(0);
    expect(await codeFor(blue, METHOD.createPermission, [peerOf(redRelay)])).toBe(0);
    red.send(sendIndication(blueRelay, 'from red'));
    blue.send(sendIndication(redRelay, 'x'));
    await until('both', () => heardBy(blue).length > 0 && heardBy(red).length > 0);
    expect(heardBy(blue)).toEqual([{ text: 'from red', from: redRelay }]);
    expect(heardBy(red)).toEqual([{ text: 'x', from: blueRelay }]);
  });

  it('goes both ways by channels, and the answer to a binding is signed', async () => {
    const bind = [channelOf(0x4001), peerOf(blueRelay)];
    const answer = await red.ask(METHOD.channelBind, bind);
    const integrity = answer?.attributes.find(({ type }) => type === ATTRIBUTE.messageIntegrity);
    expect(answer && integrity && hasIntegrity(answer, integrity, red.key)).toBe(true);
    expect(await codeFor(blue, METHOD.channelBind, [channelOf(0x4777), peerOf(redRelay)])).toBe(0);
    red.send(Buffer.from('400100056865696c6fffffff', 'hex'));
    blue.send(Buffer.from('4777000101', 'hex'));
    await until('both', () => blue.channelData.length > 0 && red.channelData.length > 0);
    expect(blue.channelData[0]?.toString('hex')).toBe('477700056865696c6f');
    expect(red.channelData[0]?.toString('hex')).toBe('4001000101');
  });

  it('stays out without a permission, and one for a peer is not one for another', async () => {
    const green = box.client('green');
    const greenRelay = (await green.allocate()) as Peer;
    await codeFor(red, METHOD.createPermission, [peerOf(blueRelay)]);
    await codeFor(green, METHOD.createPermission, [peerOf(blueRelay)]);
    await codeFor(blue, METHOD.createPermission, [peerOf({ address: '10.77.7.7', port: 1 })]);
    const stranger = createSocket('udp4');
    stranger.send('unwanted', blueRelay.port, lan);
    red.send(sendIndication(blueRelay, 'unwanted'));
    // An answer that comes after them shows that they were dealt with.
    await codeFor(red, METHOD.refresh, []);
    await codeFor(blue, METHOD.channelBind, [channelOf(0x4002), peerOf(greenRelay)]);
    green.send(sendIndication(blueRelay, 'mark'));
    await until('the mark', () => blue.channelData.length > 0);
    expect(blue.channelData.map((data) => data.subarray(4).toString())).toEqual(['mark']);
    expect(heardBy(blue)).toEqual([]);
    stranger.close();
  });

  it('of one byte or none does not end the relay', async () => {
    await codeFor(red, METHOD.createPermission, [peerOf(blueRelay)]);
    await codeFor(blue, METHOD.createPermission, [peerOf(redRelay)]);
    for (const text of ['', '@', '@@', '@@@', '\u007f', 'end'])
      red.send(sendIndication(blueRelay, text));
    await until('the last', () => heardBy(blue).some(({ text }) => text === 'end'));
    expect(box.relay.health().status).toBe('ok');
  });
});

describe('the peer policy', () => {
  const forbidden = ['127.0.0.1', '0.0.0.0', '169.254.169.254', '224.0.0.251', '255.255.255.255'];

  it('answers 403 for permissions and channels to forbidden addresses', async () => {
    for (const address of forbidden) {
      const peer = peerOf({ address, port: 50_000 });
      expect(await codeFor(red, METHOD.createPermission, [peer]), address).toBe(403);
      expect(await codeFor(red, METHOD.channelBind, [channelOf(0x4001), peer]), address).toBe(403);
    }
  });

  it('never lets anybody reach a service of the box through the relay', async () => {
    const service: Socket = createSocket('udp4');
    const heard: string[] = [];
    service.on('message', (data) => heard.push(data.toString()));
    await new Promise<void>((resolve) => service.bind(0, lan, resolve));
    const { port } = service.address();
    const target = { address: lan, port };
    expect(await codeFor(red, METHOD.channelBind, [channelOf(0x4001), peerOf(target)])).toBe(403);
    await codeFor(red, METHOD.createPermission, [peerOf(target)]);
    red.send(sendIndication(target, 'attack'));
    red.send(sendIndication(box.server, 'attack on the relay itself'));
    const probe = createSocket('udp4');
    probe.send('probe', port, lan);
    await until('the probe', () => heard.length > 0);
    expect(heard).toEqual(['probe']);
    probe.close();
    service.close();
  });

  it('bounds the peers of one allocation', async () => {
    const peers = Array.from({ length: 65 }, (_, n) =>
      peerOf({ address: `10.3.3.${n + 1}`, port: 9 }),
    );
    expect(await codeFor(red, METHOD.createPermission, peers.slice(0, 64))).toBe(0);
    expect(await codeFor(red, METHOD.createPermission, peers.slice(64))).toBe(508);
    expect(await codeFor(red, METHOD.createPermission, peers.slice(3, 5))).toBe(0);
  });
});
