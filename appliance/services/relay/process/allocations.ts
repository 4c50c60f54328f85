import type { Peer } from './addresses.ts';
import type { RelaySocket } from './relay-socket.ts';

/** An allocation as the library makes it. */
export interface Allocation {
  readonly fiveTuple: string;
  readonly transactionID: string;
  readonly user: { username: string };
  readonly sockets: readonly RelaySocket[];
  readonly relayedTransportAddress: unknown;
  readonly mappedAddress: unknown;
  readonly lifetime: number;
  /** Address → time of expiry in milliseconds since 1970. */
  readonly permissions: Record<string, number>;
  readonly channelBindings: Record<string, Peer>;
  readonly transport: { socket: ClientSocket; dst: Peer };
  timer: NodeJS.Timeout;
  update(lifetimeSeconds: number): void;
}

/** Where a client's datagrams are answered. */
export interface ClientSocket {
  send(datagram: Buffer, port: number, address: string, done?: () => void): void;
}

/**
 * All allocations: one for each client address, a bounded number for each device,
 * and none that keeps its socket after it has ended.
 */
export class Allocations {
  readonly #maxPerDevice: number;
  readonly #onOpen: (allocation: Allocation) => void;
  readonly #open = new Map<string, Allocation>();
  readonly #owners = new Map<string, string>();

  constructor(maxPerDevice: number, onOpen: (allocation: Allocation) => void) {
    this.#maxPerDevice = maxPerDevice;
    this.#onOpen = onOpen;
  }

  get size(): number {
    return this.#open.size;
  }

  get(fiveTuple: string): Allocation | undefined {
    return this.#open.get(fiveTuple);
  }

  /**
   * Holds a place while the socket opens. `busy`: the same client is being served
   * already. `full`: the device has all it may have.
   */
  reserve(fiveTuple: string, device: string): 'ok' | 'busy' | 'full' {
    if (this.#owners.has(fiveTuple)) return 'busy';
    const held = [...this.#owners.values()].filter((owner) => owner === device).length;
    if (held >= this.#maxPerDevice) return 'full';
    this.#owners.set(fiveTuple, device);
    return 'ok';
  }

  /** Gives a reserved place back if no allocation came of it. */
  release(fiveTuple: string): void {
    if (!this.#open.has(fiveTuple)) this.#owners.delete(fiveTuple);
  }

  /** Ends an allocation and frees its port. */
  end(fiveTuple: string): void {
    const allocation = this.#open.get(fiveTuple);
    this.#open.delete(fiveTuple);
    this.#owners.delete(fiveTuple);
    if (!allocation) return;
    clearTimeout(allocation.timer);
    for (const socket of allocation.sockets) socket.close();
  }

  endAll(): void {
    for (const fiveTuple of this.#open.keys()) this.end(fiveTuple);
  }

  /** The table as the library sees it: a plain object that it reads, sets and deletes from. */
  asObject(): object {
    return new Proxy(Object.create(null) as object, {
      get: (_, key) => (typeof key === 'string' ? this.get(key) : undefined),
      set: (_, key, allocation: Allocation) => {
        if (this.#owners.has(String(key))) {
          this.#open.set(String(key), allocation);
          this.#onOpen(allocation);
        } else {
          // The client hung up while the socket was opened: nobody could end it any more.
          for (const socket of allocation.sockets) socket.close();
        }
        return true;
      },
      deleteProperty: (_, key) => {
        this.end(String(key));
        return true;
      },
    });
  }
}
