import type { ErrorTable } from '#kernel/errors.ts';
import type { RouteReply } from '#kernel/route.ts';

/** Everything this service refuses, in words that a person understands. */
const filesErrors = {
  FILES_REQUEST_MALFORMED: {
    category: 'invalid',
    message: 'the address, the range or the length has another form',
    publicMessage: 'The box did not understand the app. Reload the page; the versions may differ.',
  },
  FILES_UNKNOWN: {
    category: 'invalid',
    message: 'no such file, or not whole yet',
    publicMessage: 'This file is not on the box, or not all of it yet.',
  },
  FILES_RANGE_EMPTY: {
    category: 'invalid',
    message: 'a range outside the file',
    publicMessage: 'There is nothing at this place of the file.',
  },
  FILES_OFFSET_WRONG: {
    category: 'conflict',
    message: 'the part does not follow what is there, or the size differs',
    publicMessage: 'The box has another part of this file. The app goes on from there.',
  },
  FILES_HASH_WRONG: {
    category: 'conflict',
    message: 'the whole does not have the hash that it was announced with',
    publicMessage: 'The file was damaged on its way, and nothing of it was kept. Send it again.',
  },
  FILES_TOO_LARGE: {
    category: 'limit',
    message: 'the file is larger than the config allows',
    publicMessage: 'This file is larger than the box takes.',
  },
  FILES_SHARE_USED: {
    category: 'limit',
    message: 'the party has used its share of the room',
    publicMessage: 'Your party has used its share of the room for files on this box.',
  },
  FILES_CROWD: {
    category: 'limit',
    message: 'too many files of this device are on their way',
    publicMessage: 'Too many files at once. The app goes on when one of them is done.',
  },
  FILES_DISK_FULL: {
    category: 'unavailable',
    message: 'the disk is full, or would leave too little for everything else',
    publicMessage: 'The disk of the box is full. Nothing was lost; ask who looks after the box.',
  },
  FILES_STORE_FAILED: {
    category: 'unavailable',
    message: 'writing failed',
    publicMessage: 'The box could not write to its disk. The app tries again by itself.',
  },
  FILES_SEALED: {
    category: 'conflict',
    message: 'a file after the mission was sealed (T3)',
    publicMessage:
      'The mission is closed and its record is being made. No file is taken any more; this one stays on your device.',
  },
  FILES_CLOSING: {
    category: 'unavailable',
    message: 'the service takes no more writes',
    publicMessage: 'The box is about to stop and takes nothing new. Try again when it is back.',
  },
} as const satisfies ErrorTable;

/** A code of the table. */
export type FilesCode = keyof typeof filesErrors;

/** The answer that refuses. */
export function refuse(code: FilesCode, retryAfterSeconds?: number): RouteReply {
  const { category, publicMessage: message } = filesErrors[code];
  const later = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return { refuse: { category, code, message, ...later } };
}

/** A refusal where HTTP has a closer word than its category, or that says where the file stands. */
export function refuseWith(
  code: FilesCode,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): RouteReply {
  return { status, headers, json: { code, message: filesErrors[code].publicMessage } };
}
