import type { ErrorTable } from '#kernel/errors.ts';

/** What can go wrong here. */
export const conferenceErrors = {
  CONFERENCE_WORKER_FAILED: {
    category: 'internal',
    message: 'a media worker did not start',
    publicMessage: 'Conferences are not running. Calls between two still work.',
  },
} as const satisfies ErrorTable;
