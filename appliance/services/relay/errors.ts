import type { ErrorTable } from '#kernel/errors.ts';

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
