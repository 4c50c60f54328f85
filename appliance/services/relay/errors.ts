import type { ErrorTable } from '#kernel/errors.ts';
import { Refusal } from '#kernel/refusal.ts';

/** What can go wrong here that is not the fault of a datagram; datagrams are only refused. */
export const relayErrors = {
  RELAY_NOT_RUNNING: {
    category: 'unavailable',
    message: 'credentials were asked for while the relay does not run',
    publicMessage: 'The relay for calls is not running. Direct calls still work.',
  },
  RELAY_PROCESS_FAILED: {
    category: 'internal',
    message: 'the relay process ended before it was ready',
    publicMessage: 'The relay for calls is not running. Direct calls still work.',
  },
} as const satisfies ErrorTable;

/** For a person: the port of STUN and TURN cannot be opened; `code` is the system's. */
export function portRefusal(port: number, code: string): Refusal {
  const why =
    code === 'EADDRINUSE'
      ? 'is taken by another program'
      : `cannot be opened (${code || 'unknown'})`;
  return new Refusal(
    `Port ${port} for the relay, UDP and TCP, ${why}. Set "relay": {"port": …} to a free one.`,
  );
}
