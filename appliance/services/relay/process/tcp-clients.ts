import { createServer, type Server, type Socket } from 'node:net';
import type { Peer } from './addresses.ts';
import type { Client, Hearing } from './listeners.ts';
import { tcpFrame, TcpFraming } from './tcp-framing.ts';

/** Bounds of the TCP door; each says in config.ts what it stops. */
export interface TcpLimits {
  connectionsCount: number;
  connectionsPerAddressCount: number;
  /** Time for a connection to get an allocation, and to live on without one. */
  unknownMs: number;
}

const TCP = 6;
/** Bytes that wait for a slow reader before its media is dropped, as a full network would. */
const MAX_QUEUED_BYTES = 262_144;

/** A TCP server that listens and is not served yet; rejects with the system's error. */
export function bindTcp(address: string, port: number): Promise<Server> {
  const server = createServer({ noDelay: true });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port, exclusive: true }, () => {
      server.removeListener('error', reject);
      // What fails later is one connection that could not be taken.
      server.on('error', () => {});
      resolve(server);
    });
  });
}

/** Serves what connects; `close` cuts all of it. */
export function serveTcp(
  server: Server,
  local: Peer,
  limits: TcpLimits,
  hearing: Hearing,
): { close(): void } {
  const open = new Set<Socket>();
  const counts = new Map<string, number>();
  server.maxConnections = limits.connectionsCount;
  server.on('connection', (socket) => {
    const { remoteAddress: address = '', remotePort: port = 0 } = socket;
    const count = counts.get(address) ?? 0;
    if (count >= limits.connectionsPerAddressCount) return void socket.destroy();
    counts.set(address, count + 1);
    open.add(socket);
    const client = { protocol: TCP, socket: lossy(socket), local, from: { address, port } };
    read(socket, client, limits.unknownMs, hearing);
    socket.once('close', () => {
      open.delete(socket);
      const left = (counts.get(address) ?? 1) - 1;
      if (left > 0) counts.set(address, left);
      else counts.delete(address);
    });
  });
  return { close: () => open.forEach((socket) => socket.destroy()) };
}

function read(socket: Socket, client: Client, unknownMs: number, hearing: Hearing): void {
  const framing = new TcpFraming();
  const look = setInterval(() => {
    if (!hearing.isKnown(client)) socket.destroy();
  }, unknownMs);
  // The other side may reset whenever it likes; `close` follows.
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    const messages = framing.push(bytes);
    if (!messages) return void socket.destroy();
    for (const message of messages) hearing.heard(message, client);
  });
  socket.once('close', () => {
    clearInterval(look);
    hearing.gone(client);
  });
}

/** A connection that is sent to like a datagram socket: what it cannot take now is lost. */
function lossy(socket: Socket): Client['socket'] {
  return {
    send: (message, _port, _address, done) => {
      const isFull = socket.destroyed || socket.writableLength > MAX_QUEUED_BYTES;
      if (!isFull) socket.write(tcpFrame(message));
      done?.();
    },
  };
}
