import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import type { Peer } from './addresses.ts';
import type { PortRange } from './messages.ts';

/** Binding tries before "insufficient capacity": other programs hold ports of the range too. */
const MAX_TRIES = 64;

/**
 * The outward side of one allocation. What peers send goes to `onData` and never
 * through the library, whose reader throws on a datagram of one byte.
 */
export class RelaySocket {
  readonly #socket: Socket;
  #isClosed = false;
  /** Set by whoever owns the allocation. */
  onData: (data: Buffer, from: Peer) => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (data, from) => this.onData(data, from));
    // An error of a datagram socket concerns one datagram (ICMP, buffer full); media is lossy anyway.
    socket.on('error', () => {});
  }

  /** The library subscribes here; it must not hear anything. */
  on(): this {
    return this;
  }

  /** Where peers reach this allocation. */
  address(): { address: string; port: number } {
    return this.#socket.address();
  }

  /** Sends to a peer that was checked before. */
  send(data: Buffer, to: Peer): void {
    if (!this.#isClosed) this.#socket.send(data, to.port, to.address, () => {});
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }
}

/** Opens a socket on a random free port of the range; rejects when there is none. */
export async function openRelaySocket(address: string, ports: PortRange): Promise<RelaySocket> {
  const size = ports.to - ports.from + 1;
  const first = randomInt(size);
  for (let n = 0; n < Math.min(size, MAX_TRIES); n++) {
    const socket = await bindUdp(address, ports.from + ((first + n) % size)).catch(() => undefined);
    if (socket) return new RelaySocket(socket);
  }
  throw new Error('no free relay port');
}

/** A bound UDP socket; rejects with the system's error. */
export function bindUdp(address: string, port: number): Promise<Socket> {
  const socket = createSocket('udp4');
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ address, port, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}
