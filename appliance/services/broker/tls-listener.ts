import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer } from 'node:tls';
import { Refusal, systemCode } from '#kernel/refusal.ts';

/** Time for a TLS handshake; stops connections that are opened and never used. */
const HANDSHAKE_MS = 10_000;

/** Key and certificate of a TLS port, both PEM. */
export interface TlsMaterial {
  key: string;
  cert: string;
}

/** An open TLS port. */
export interface TlsListener {
  readonly port: number;
  readonly isClosed: boolean;
  close(): Promise<void>;
}

/**
 * Opens a TLS port and hands over each connection after its handshake, with the
 * other side's address. Rejects with a Refusal when the port cannot be opened.
 */
export async function listenTls(
  { host, port, maxConnectionsCount }: { host: string; port: number; maxConnectionsCount: number },
  material: TlsMaterial,
  onConnection: (stream: Duplex, address: string) => void,
): Promise<TlsListener> {
  const server = createServer({
    ...material,
    minVersion: 'TLSv1.2',
    handshakeTimeout: HANDSHAKE_MS,
  });
  // Before the handshake: connections that never speak must not use up file descriptors.
  server.maxConnections = maxConnectionsCount;
  const sockets = new Set<Duplex>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('secureConnection', (socket) => onConnection(socket, socket.remoteAddress ?? ''));
  await new Promise<void>((resolve, reject) => {
    server.on('error', (error) => reject(refusal(port, error)));
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    get isClosed() {
      return !server.listening;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function refusal(port: number, error: Error): Refusal {
  const why =
    systemCode(error) === 'EADDRINUSE'
      ? 'is taken by another program'
      : 'may not be opened by this user or on this machine';
  return new Refusal(
    `Port ${port} for MQTT over TLS ${why}. Set "broker": {"tlsPort": …} to a free one.`,
    1,
    error,
  );
}
