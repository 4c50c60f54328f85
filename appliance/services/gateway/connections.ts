import type { Server, Socket } from 'node:net';
import type { WebLimits } from './web-server.ts';

/** An address without IPv6 zone or IPv4 mapping; '' when the other end is gone already. */
export function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:/i, '').replace(/%.*$/, '');
}

/**
 * Whose budget an address counts against: itself, or for IPv6 its /64, since
 * one host may take any address of it.
 */
export function addressGroup(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  if (tail === undefined) return left.slice(0, 4).join(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
}

/** Counts a server's connections, refuses those beyond the limits, and can cut all of them. */
export class Connections {
  readonly #open = new Set<Socket>();
  readonly #perGroup = new Map<string, number>();

  constructor(server: Server, limits: WebLimits) {
    server.maxConnections = limits.maxConnectionsCount;
    server.on('connection', (socket: Socket) => {
      const group = addressGroup(plainAddress(socket.remoteAddress));
      const count = this.#perGroup.get(group) ?? 0;
      // Before TLS: a refused connection must cost less than an accepted one.
      if (count >= limits.maxConnectionsPerAddressCount) return void socket.destroy();
      this.#perGroup.set(group, count + 1);
      this.#open.add(socket);
      socket.once('close', () => {
        this.#open.delete(socket);
        const left = (this.#perGroup.get(group) ?? 1) - 1;
        if (left > 0) this.#perGroup.set(group, left);
        else this.#perGroup.delete(group);
      });
    });
  }

  cut(): void {
    for (const socket of this.#open) socket.destroy();
  }
}
