import type { ErrorTable } from '#kernel/errors.ts';

/** What can go wrong here that is our own mistake; what clients send is only refused. */
export const brokerErrors = {
  BROKER_NOT_RUNNING: {
    category: 'unavailable',
    message: 'publish before start or after stop',
    publicMessage: 'The box is starting or stopping. Try again.',
  },
  BROKER_TOPIC_FOREIGN: {
    category: 'internal',
    message: 'the box was asked to publish to a topic that is not its own',
    publicMessage: 'Something went wrong in the box.',
  },
} as const satisfies ErrorTable;
