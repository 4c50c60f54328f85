import { networkInterfaces } from 'node:os';
import { Events } from './events.ts';
import type { Logger } from './log.ts';
import { Scope } from './scope.ts';

/** One literal address of this machine. */
export interface Address {
  /** Without a zone (`%eth0`). */
  ip: string;
  family: 4 | 6;
  /** Name of the network interface, such as `wlan0`. */
  onInterface: string;
}

/** What this machine can be reached at, and when that changes. */
export interface Addresses {
  /** Addresses in the local network, without loopback and link-local ones, sorted. */
  current(): readonly Address[];
  /** Calls `listener` after each change; returns what ends that. */
  onChange(listener: (addresses: readonly Address[]) => void): () => void;
}

/** Addresses that a neighbour can use: neither loopback nor link-local. */
export function reachable(interfaces: ReturnType<typeof networkInterfaces>): Address[] {
  const found: Address[] = [];
  for (const [onInterface, entries] of Object.entries(interfaces)) {
    for (const entry of entries ?? []) {
      // Link-local IPv6 needs a zone, which no URL in a browser takes.
      if (entry.internal || /^(fe80:|169\.254\.)/i.test(entry.address)) continue;
      found.push({ ip: entry.address, family: entry.family === 'IPv6' ? 6 : 4, onInterface });
    }
  }
  return found.toSorted((a, b) => a.family - b.family || (a.ip < b.ip ? -1 : 1));
}

/** Looks at the machine's interfaces every few seconds, since Node has no event for them. */
export class AddressWatch implements Addresses {
  readonly #events: Events<{ change: readonly Address[] }>;
  readonly #read: () => readonly Address[];
  readonly #scope = new Scope();
  #last: readonly Address[];

  /** Begins with the addresses of now; `read` is for tests. */
  constructor(log: Logger, read = (): readonly Address[] => reachable(networkInterfaces())) {
    this.#events = new Events((error) => {
      log.error({ reason: String(error) }, 'a listener for new addresses failed');
    });
    this.#read = read;
    this.#last = read();
  }

  current(): readonly Address[] {
    return this.#last;
  }

  onChange(listener: (addresses: readonly Address[]) => void): () => void {
    return this.#events.on('change', listener);
  }

  /** Looks every `everyMs` until `stop`. */
  start(everyMs: number): void {
    this.#scope.every(everyMs, () => this.look());
  }

  /** Compares once and tells the listeners if anything differs. */
  look(): void {
    const now = this.#read();
    if (JSON.stringify(now) === JSON.stringify(this.#last)) return;
    this.#last = now;
    this.#events.emit('change', now);
  }

  async stop(): Promise<void> {
    await this.#scope[Symbol.asyncDispose]();
  }
}
