import type { Route, RouteReply } from '#kernel/route.ts';
import { fromUtf8 } from '#protocol/codec/bytes.ts';
import { isLoginAnswer, isLoginStart } from '#protocol/mission/login.ts';
import { gatewayErrors, type GatewayCode } from '../errors.ts';
import type { Sessions } from './sessions.ts';

/** Both halves are a few hundred bytes. */
const maxBodyBytes = 1_024;

/** `POST /v1/nonce` and `POST /v1/session`: a login in two steps (A2). */
export function loginRoutes(sessions: Sessions): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/nonce',
      access: 'open',
      maxBodyBytes,
      handle: async ({ body, address }) => {
        const start = parse(body);
        if (!isLoginStart(start)) return refuse('GATEWAY_REQUEST_MALFORMED');
        return answer(await sessions.begin(start, address));
      },
    },
    {
      method: 'POST',
      path: '/v1/session',
      access: 'open',
      maxBodyBytes,
      handle: async ({ body, address }) => {
        const proof = parse(body);
        if (!isLoginAnswer(proof)) return refuse('GATEWAY_REQUEST_MALFORMED');
        return answer(await sessions.finish(proof, address));
      },
    },
  ];
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(body) ?? '');
  } catch {
    // Strangers send what they like; `undefined` has no form that we know.
    return undefined;
  }
}

function answer(outcome: object | { code: GatewayCode }): RouteReply {
  return 'code' in outcome ? refuse(outcome.code) : { json: outcome };
}

function refuse(code: GatewayCode): RouteReply {
  const { category, publicMessage: message } = gatewayErrors[code];
  return { refuse: { category, code, message } };
}
