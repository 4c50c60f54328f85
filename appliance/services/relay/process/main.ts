import { networkInterfaces } from 'node:os';
import type { FromRelay, ToRelay } from './messages.ts';
import { openServer, type RunningServer } from './node-turn-server.ts';
import type { OwnAddress } from './peer-policy.ts';

// The relay's own process: a fault in it ends calls that use it, and nothing else.

/** How long a list of interfaces is good; asking the system for each datagram would cost more than relaying. */
const OWN_ADDRESSES_MS = 2000;

let server: RunningServer | undefined;
let own: { list: readonly OwnAddress[]; atMs: number } | undefined;

function ownAddresses(): readonly OwnAddress[] {
  const nowMs = performance.now();
  if (!own || nowMs - own.atMs > OWN_ADDRESSES_MS) {
    const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    own = { list: all.filter(({ family }) => family === 'IPv4'), atMs: nowMs };
  }
  return own.list;
}

function tell(message: FromRelay): void {
  // The box may have hung up in the meantime; `disconnect` then ends this process.
  process.send?.(message, undefined, undefined, () => {});
}

process.on('message', (message: ToRelay) => {
  if ('ping' in message) {
    tell({ allocations: server?.allocationsCount ?? 0 });
    return;
  }
  openServer(message.start, ownAddresses).then(
    (opened) => {
      server = opened;
      tell({ ready: { port: opened.port } });
    },
    (error: NodeJS.ErrnoException) => tell({ failed: error.code ?? 'UNKNOWN' }),
  );
});

// The box ends this process by hanging up. A Ctrl-C reaches the whole group, but the order is the box's.
process.on('disconnect', () => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
