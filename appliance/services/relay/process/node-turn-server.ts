import type { Socket } from 'node:dgram';
import TurnServer from 'node-turn';
import Address from 'node-turn/lib/address.js';
import Message from 'node-turn/lib/message.js';
import Transport from 'node-turn/lib/transport.js';
import { passwordOf } from '../credentials.ts';
import { Allocations } from './allocations.ts';
import { judge } from './door.ts';
import { turnHandlers } from './handlers.ts';
import type { RelaySettings } from './messages.ts';
import { Nonces } from './nonces.ts';
import { PeerPolicy, type OwnAddress } from './peer-policy.ts';
import { bindUdp, openRelaySocket } from './relay-socket.ts';
import { isChannelData, sendToClient, sendToPeer, readChannelData } from './traffic.ts';

/** Protocol number of UDP, the only transport of allocations (RFC 8656 §18.7). */
const UDP = 17;

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
  const secret = Buffer.from(settings.secret, 'base64');
  const policy = new PeerPolicy(own, settings.openPorts);
  const password = (username: string): string | undefined =>
    passwordOf(secret, username, Date.now());
  const allocations = new Allocations(settings.allocationsPerDeviceCount, (allocation) => {
    for (const socket of allocation.sockets) {
      socket.onData = (data, from) => sendToClient(allocation, policy, data, from);
    }
  });
  const server = makeLibraryServer(settings, password, allocations);
  const door = { realm: settings.realm, passwordOf: password, policy };

  const receive = (socket: Socket, local: Address, datagram: Buffer, from: Address): void => {
    const transport = new Transport(UDP, from, local, socket);
    const allocation = allocations.get(transport.get5Tuple());
    if (isChannelData(datagram)) {
      const sent = allocation && readChannelData(allocation, datagram);
      if (sent) sendToPeer(allocation, policy, sent);
      return;
    }
    const verdict = judge(datagram, door);
    if (verdict.do === 'reply') socket.send(verdict.datagram, from.port, from.address, () => {});
    if (verdict.do === 'send' && allocation) sendToPeer(allocation, policy, verdict);
    if (verdict.do !== 'pass') return;
    const message = new Message(server, transport);
    if (message.read(verdict.datagram)) server.emit('message', message);
  };

  const sockets: Socket[] = [];
  let port = settings.port;
  try {
    for (const address of settings.addresses) {
      const socket = await bindUdp(address, port);
      sockets.push(socket);
      port = socket.address().port;
      const local = new Address(address, port);
      socket.on('error', () => {});
      socket.on('message', (datagram, from) => {
        receive(socket, local, datagram, new Address(from.address, from.port));
      });
    }
  } catch (error) {
    for (const socket of sockets) socket.close();
    throw error;
  }
  return {
    port,
    get allocationsCount() {
      return allocations.size;
    },
    close: () => {
      allocations.endAll();
      for (const socket of sockets) socket.close();
    },
  };
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
