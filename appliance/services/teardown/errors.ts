import type { ErrorTable } from '#kernel/errors.ts';
import type { RouteReply } from '#kernel/route.ts';

/** Everything this service refuses, in words that a person understands. */
export const teardownErrors = {
  TEARDOWN_RECORD_NONE: {
    category: 'conflict',
    message: 'the mission is not sealed, or its record is not built yet',
    publicMessage: 'There is no record yet. The box makes it when every device has sent its last.',
  },
  TEARDOWN_RANGE_EMPTY: {
    category: 'invalid',
    message: 'a range outside the record',
    publicMessage: 'There is nothing at this place of the record.',
  },
  TEARDOWN_CROWD: {
    category: 'limit',
    message: 'too many downloads of this device',
    publicMessage: 'The record is being sent to this device several times already.',
  },
  TEARDOWN_CERTIFICATE_NONE: {
    category: 'invalid',
    message: 'nothing was wiped here yet',
    publicMessage: 'No mission has ended on this box yet.',
  },
} as const satisfies ErrorTable;

/** A code of the table. */
export type TeardownCode = keyof typeof teardownErrors;

/** The answer that refuses. */
export function refuse(code: TeardownCode): RouteReply {
  const { category, publicMessage: message } = teardownErrors[code];
  return { refuse: { category, code, message } };
}

/** A refusal where HTTP has a closer word than its category. */
export function refuseWith(
  code: TeardownCode,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): RouteReply {
  return { status, headers, json: { code, message: teardownErrors[code].publicMessage } };
}
