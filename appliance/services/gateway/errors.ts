import type { Category, ErrorTable } from '#kernel/errors.ts';
import { crossOriginHeaders } from './headers.ts';
import type { WebReply } from './web-server.ts';

/** What the gateway itself answers. */
export const gatewayErrors = {
  GATEWAY_REQUEST_MALFORMED: {
    category: 'invalid',
    message: 'a request that is not HTTP or not of the form of its route',
    publicMessage: 'The box does not understand this request.',
  },
  GATEWAY_PATH_UNKNOWN: {
    category: 'invalid',
    message: 'a path that nobody serves',
    publicMessage: 'There is nothing at this address.',
  },
  GATEWAY_BODY_TOO_LARGE: {
    category: 'invalid',
    message: 'a body over the limit of its route',
    publicMessage: 'This is larger than the box takes at once.',
  },
  GATEWAY_TYPE_UNKNOWN: {
    category: 'invalid',
    message: 'a content type that no route takes',
    publicMessage: 'Send application/json or application/octet-stream.',
  },
  GATEWAY_RATE_EXCEEDED: {
    category: 'limit',
    message: 'an address asks too often without login',
    publicMessage: 'Too many requests at once. Try again in a moment.',
  },
  GATEWAY_NONCE_UNKNOWN: {
    category: 'denied',
    message: 'a login with a nonce that is unknown, used, too old or of another address',
    publicMessage: 'The login took too long. Try again.',
  },
  GATEWAY_LOGIN_REFUSED: {
    category: 'denied',
    message: 'a login by a device that is not of this mission or did not sign as itself',
    publicMessage: 'This device may not come in.',
  },
  GATEWAY_SESSION_UNKNOWN: {
    category: 'denied',
    message: 'a signed request without a living session',
    publicMessage: 'The session has ended. Log in again.',
  },
  GATEWAY_REQUEST_UNPROVEN: {
    category: 'denied',
    message: 'a signed request with a wrong MAC or a counter used before',
    publicMessage: 'The box cannot tell who sent this request.',
  },
  GATEWAY_SERVICE_DOWN: {
    category: 'unavailable',
    message: 'a request for a service that does not run at present',
    publicMessage: 'This part of the box is just starting. Try again in a moment.',
  },
  GATEWAY_INTERNAL: {
    category: 'internal',
    message: 'a route failed in a way nobody expected',
    publicMessage: 'The box made a mistake. It is written in its log.',
  },
} as const satisfies ErrorTable;

/** A code of the gateway's own table. */
export type GatewayCode = keyof typeof gatewayErrors;

/** The one place that turns a category into a status code (RFC 9110 §15, RFC 6585 §4). */
const statusOf: Readonly<Record<Category, number>> = {
  invalid: 400,
  denied: 403,
  conflict: 409,
  limit: 429,
  unavailable: 503,
  internal: 500,
};

/** The same code always with the same sentence and status; `status` where HTTP has a closer word. */
export function refusal(code: GatewayCode, status?: number): WebReply {
  const row = gatewayErrors[code];
  return refused(row.category, code, row.publicMessage, status);
}

/** An error as every door of the box answers it: `{code,message}`. */
export function refused(
  category: Category,
  code: string,
  message: string,
  status = statusOf[category],
  retryAfterSeconds = category === 'unavailable' ? 2 : undefined,
): WebReply {
  const retry = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return {
    status,
    headers: {
      ...crossOriginHeaders,
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...retry,
    },
    body: JSON.stringify({ code, message }),
  };
}
