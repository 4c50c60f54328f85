import type { ErrorTable } from '#kernel/errors.ts';
import type { RouteReply } from '#kernel/route.ts';

/** What can go wrong here. */
export const conferenceErrors = {
  CONFERENCE_WORKER_FAILED: {
    category: 'internal',
    message: 'a media worker did not start',
    publicMessage: 'Conferences are not running. Calls between two still work.',
  },
  CONFERENCE_REQUEST_MALFORMED: {
    category: 'invalid',
    message: 'the request has another form',
    publicMessage: 'The box did not understand the app. Reload the page; the versions may differ.',
  },
  CONFERENCE_NOT_INSIDE: {
    category: 'denied',
    message: 'the device is not in the conversation, or the room is not of this conversation',
    publicMessage: 'Only people of this conversation can take part in its conference.',
  },
  CONFERENCE_ROOM_NONE: {
    category: 'conflict',
    message: 'no such room, or the device has not joined it',
    publicMessage: 'The conference has to be joined again. The app does so by itself.',
  },
  CONFERENCE_THING_UNKNOWN: {
    category: 'conflict',
    message: 'a transport, producer or consumer that is not there any more',
    publicMessage: 'This picture or sound has ended.',
  },
  CONFERENCE_MEDIA_REFUSED: {
    category: 'invalid',
    message: 'media parameters that the SFU does not take',
    publicMessage: 'This browser sends sound or pictures in a way that the box does not forward.',
  },
  CONFERENCE_CROWD: {
    category: 'limit',
    message: 'as many rooms, devices or streams as the config allows',
    publicMessage: 'The conference is full.',
  },
} as const satisfies ErrorTable;

/** A code of the table that is answered to a request. */
export type ConferenceCode = Exclude<keyof typeof conferenceErrors, 'CONFERENCE_WORKER_FAILED'>;

/** A request that cannot be granted; never leaves this service. */
export class Refused extends Error {
  readonly code: ConferenceCode;

  constructor(code: ConferenceCode, cause?: unknown) {
    super(conferenceErrors[code].message, { cause });
    this.code = code;
  }
}

/** The answer that refuses. */
export function refuse(code: ConferenceCode): RouteReply {
  const { category, publicMessage: message } = conferenceErrors[code];
  return { refuse: { category, code, message } };
}
