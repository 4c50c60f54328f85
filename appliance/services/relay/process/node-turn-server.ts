import TurnServer from 'node-turn';
import Address from 'node-turn/lib/address.js';
import Message from 'node-turn/lib/message.js';
import Transport from 'node-turn/lib/transport.js';
import { passwordOf } from '../credentials.ts';
import { Allocations, type Allocation } from './allocations.ts';
import { ByteRate } from './byte-rate.ts';
import { judge } from './door.ts';
import { turnHandlers } from './handlers.ts';
import { openListeners, type Client } from './listeners.ts';
import type { RelaySettings } from './messages.ts';
import { Nonces } from './nonces.ts';
import { PeerPolicy, type OwnAddress } from './peer-policy.ts';
import { openRelaySocket } from './relay-socket.ts';
import {
  isChannelData,
  readChannelData,
  sendToClient,
  sendToPeer,
  type Outgoing,
} from './traffic.ts';

/** A running TURN server. */
export interface RunningServer {
  readonly port: number;
  readonly allocationsCount: number;
  close(): void;
}

/**
 * Opens the server on every address. The library keeps allocations, permissions and
 * channels and writes the answers; everything it does not do safely is done here or
 * before it. Rejects with the system's error when a port cannot be opened.
 */
export async function openServer(
  settings: RelaySettings,
  own: () => readonly OwnAddress[],
): Promise<RunningServer> {
  const secret = Buffer.from(settings.secret);
  const policy = new PeerPolicy(own, settings.openPorts);
  const password = (username: string): string | undefined =>
    passwordOf(secret, username, Date.now());
  const rates = new WeakMap<Allocation, ByteRate>();
  const mayPass = (allocation: Allocation, data: Buffer): boolean =>
    rates.get(allocation)?.spend(data.length) ?? false;
  const allocations = new Allocations(settings.allocationsPerDeviceCount, (allocation) => {
    rates.set(allocation, new ByteRate(settings.bytesPerSecond, () => performance.now()));
    for (const socket of allocation.sockets) {
      socket.onData = (data, from) => {
        if (mayPass(allocation, data)) sendToClient(allocation, policy, data, from);
      };
    }
  });
  const server = makeLibraryServer(settings, password, allocations);
  const door = { realm: settings.realm, passwordOf: password, policy };
  const relay = (allocation: Allocation | undefined, outgoing: Outgoing | undefined): void => {
    if (allocation && outgoing && mayPass(allocation, outgoing.data))
      sendToPeer(allocation, policy, outgoing);
  };

  const heard = (datagram: Buffer, client: Client): void => {
    const transport = transportOf(client);
    const allocation = allocations.get(transport.get5Tuple());
    if (isChannelData(datagram)) {
      return relay(allocation, allocation && readChannelData(allocation, datagram));
    }
    const verdict = judge(datagram, door);
    const { socket, from } = client;
    if (verdict.do === 'reply') socket.send(verdict.datagram, from.port, from.address, () => {});
    if (verdict.do === 'send') relay(allocation, verdict);
    if (verdict.do !== 'pass') return;
    const message = new Message(server, transport);
    if (message.read(verdict.datagram)) server.emit('message', message);
  };

  const listeners = await openListeners(settings.addresses, settings.port, settings.tcp, {
    heard,
    isKnown: (client) => allocations.get(transportOf(client).get5Tuple()) !== undefined,
    gone: (client) => allocations.end(transportOf(client).get5Tuple()),
  });
  return {
    port: listeners.port,
    get allocationsCount() {
      return allocations.size;
    },
    close: () => {
      allocations.endAll();
      listeners.close();
    },
  };
}

function transportOf({ protocol, socket, local, from }: Client): Transport {
  return new Transport(
    protocol,
    new Address(from.address, from.port),
    new Address(local.address, local.port),
    socket,
  );
}

function makeLibraryServer(
  settings: RelaySettings,
  password: (username: string) => string | undefined,
  allocations: Allocations,
): TurnServer {
  const server = new TurnServer({
    authMech: 'long-term',
    realm: settings.realm,
    listeningIps: [],
    defaultAllocatetLifetime: settings.allocationSeconds,
    debugLevel: 'OFF',
    // A plain object would let `constructor` in, with its source text as the password.
    credentials: new Proxy(Object.create(null) as object, {
      get: (_, name) => (typeof name === 'string' ? password(name) : undefined),
    }),
  });
  server.allocations = allocations.asObject();
  const nonces = new Nonces(() => performance.now());
  server.authentification.generateNonce = () => nonces.make();
  server.authentification.checkNonce = (nonce) => nonces.check(nonce);
  server.allocate.allocateUdp = async ({ transport }) => [
    await openRelaySocket(transport.dst.address, settings.relayPorts),
  ];
  const handlers = turnHandlers(settings, allocations);
  for (const [name, handler] of Object.entries(handlers)) {
    const originals = server.listeners(name) as ((request: Message, reply: Message) => void)[];
    server.removeAllListeners(name);
    server.on(name, (request: Message, reply: Message) => {
      handler(request, reply, () => {
        for (const original of originals) original.call(server, request, reply);
      });
    });
  }
  return server;
}
