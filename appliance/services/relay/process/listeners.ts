import type { Socket } from 'node:dgram';
import type { Server } from 'node:net';
import type { Peer } from './addresses.ts';
import type { ClientSocket } from './allocations.ts';
import { bindUdp } from './relay-socket.ts';
import { bindTcp, serveTcp, type TcpLimits } from './tcp-clients.ts';

/** A client that sent something, and where it sent it to. */
export interface Client {
  /** Protocol number: 17 UDP, 6 TCP. */
  protocol: number;
  socket: ClientSocket;
  local: Peer;
  from: Peer;
}

/** Who hears the clients. */
export interface Hearing {
  /** One whole STUN message or ChannelData, not checked. */
  heard(message: Buffer, client: Client): void;
  /** Whether a client has an allocation; a TCP connection without one is soon cut. */
  isKnown(client: Client): boolean;
  /** A TCP connection has ended, and its allocation with it (RFC 8656 §3.1). */
  gone(client: Client): void;
}

/** Open doors. */
export interface Listeners {
  readonly port: number;
  close(): void;
}

const UDP = 17;
/** Tries to find one number that is free as UDP and TCP port, when any will do. */
const MAX_TRIES = 16;

/** Opens UDP and TCP on every address, all with one port. Rejects with the system's error. */
export async function openListeners(
  addresses: readonly string[],
  port: number,
  limits: TcpLimits,
  hearing: Hearing,
): Promise<Listeners> {
  for (let n = 1; ; n++) {
    const open: { close(): unknown }[] = [];
    try {
      const chosen = await openAll(addresses, port, open);
      for (const { udp, tcp, local } of chosen) {
        listenUdp(udp, local, hearing);
        open.push(serveTcp(tcp, local, limits, hearing));
      }
      return {
        port: chosen[0]?.local.port ?? port,
        close: () => open.forEach((one) => one.close()),
      };
    } catch (error) {
      for (const one of open) one.close();
      if (port !== 0 || n >= MAX_TRIES) throw error;
    }
  }
}

async function openAll(
  addresses: readonly string[],
  wanted: number,
  open: { close(): unknown }[],
): Promise<{ udp: Socket; tcp: Server; local: Peer }[]> {
  const opened: { udp: Socket; tcp: Server; local: Peer }[] = [];
  let port = wanted;
  for (const address of addresses) {
    const udp = await bindUdp(address, port);
    open.push(udp);
    port = udp.address().port;
    const tcp = await bindTcp(address, port);
    open.push(tcp);
    opened.push({ udp, tcp, local: { address, port } });
  }
  return opened;
}

function listenUdp(socket: Socket, local: Peer, hearing: Hearing): void {
  // An error of a datagram socket concerns one datagram.
  socket.on('error', () => {});
  socket.on('message', (message, { address, port }) => {
    hearing.heard(message, { protocol: UDP, socket, local, from: { address, port } });
  });
}
