import type { Logger } from '#kernel/log.ts';
import type { Caller, Route, RouteReply } from '#kernel/route.ts';
import type { Health } from '#kernel/service.ts';
import type { AddressRates } from './address-rates.ts';
import { refusal, refused, type GatewayCode } from './errors.ts';
import { crossOriginHeaders } from './headers.ts';
import type { WebHead, WebReply, WebRequest, WebRoute } from './web-server.ts';

/** The doors of one service. */
export interface Mount {
  /** Asked before each request: while it says `failed`, the doors answer "try again". */
  service: { readonly name: string; health(): Health };
  routes: readonly Route[];
}

/** Who sent a signed request; the sessions answer. */
export interface Proofs {
  /** Whether the session named in the head lives; cheap, so that strangers send no bodies. */
  knows(head: WebHead, access: ProvenAccess): boolean;
  /** The caller, or why not. Uses the counter up. */
  prove(request: WebRequest, access: ProvenAccess): Caller | { code: GatewayCode };
}

/** Access for which somebody proves who they are. */
export type ProvenAccess = Exclude<Route['access'], 'open'>;

/** What every mounted route shares. */
export interface MountingDeps {
  proofs: Proofs;
  rates: AddressRates;
  log: Logger;
}

/** Puts access, limits and error form around the routes of a service. */
export function mounted(mount: Mount, deps: MountingDeps): WebRoute[] {
  return mount.routes.map((route) => ({
    method: route.method,
    path: route.path,
    maxBodyBytes: route.maxBodyBytes,
    admit: (head) => withCrossOrigin(admit(mount, route, head, deps)),
    handle: async (request) => withCrossOrigin(await handle(mount, route, request, deps)),
  }));
}

function admit(
  mount: Mount,
  route: Route,
  head: WebHead,
  deps: MountingDeps,
): WebReply | undefined {
  if (route.access === 'open') {
    const seconds = deps.rates.spend(head.address);
    if (seconds > 0) return tooOften(seconds);
  } else if (!deps.proofs.knows(head, route.access)) {
    return refusal('GATEWAY_SESSION_UNKNOWN');
  }
  // Without this a service in the middle of its restart would answer with an accident.
  if (mount.service.health().status === 'failed') return refusal('GATEWAY_SERVICE_DOWN');
  return undefined;
}

async function handle(
  mount: Mount,
  route: Route,
  request: WebRequest,
  deps: MountingDeps,
): Promise<WebReply> {
  const { params, query, headers, body, address, signal } = request;
  const plain = { params, query, headers, body, address, signal };
  try {
    if (route.access === 'open') return toReply(await route.handle(plain));
    const caller = deps.proofs.prove(request, route.access);
    if ('code' in caller) return refusal(caller.code);
    return toReply(await route.handle({ ...plain, caller }));
  } catch (error) {
    // A service being stopped aborts what it was asked; nobody made a mistake.
    if (signal.aborted) return refusal('GATEWAY_SERVICE_DOWN');
    deps.log.error(
      { service: mount.service.name, route: route.path, err: error },
      'a route failed',
    );
    return refusal('GATEWAY_INTERNAL');
  }
}

function toReply(reply: RouteReply): WebReply {
  if ('refuse' in reply) {
    const { category, code, message, retryAfterSeconds } = reply.refuse;
    return refused(category, code, message, undefined, retryAfterSeconds);
  }
  if ('stream' in reply) {
    const type = { 'content-type': 'application/octet-stream' };
    const length = { 'content-length': String(reply.length) };
    return {
      status: reply.status ?? 200,
      headers: { 'cache-control': 'no-store', ...reply.headers, ...type, ...length },
      body: reply.stream,
    };
  }
  const isJson = 'json' in reply;
  const type = isJson ? 'application/json' : (reply.type ?? 'application/octet-stream');
  return {
    status: reply.status ?? 200,
    headers: { 'cache-control': 'no-store', ...reply.headers, 'content-type': type },
    body: isJson ? JSON.stringify(reply.json) : reply.bytes,
  };
}

function tooOften(seconds: number): WebReply {
  const reply = refusal('GATEWAY_RATE_EXCEEDED');
  return { ...reply, headers: { ...reply.headers, 'retry-after': String(seconds) } };
}

function withCrossOrigin<T extends WebReply | undefined>(reply: T): T {
  return reply && { ...reply, headers: { ...reply.headers, ...crossOriginHeaders } };
}
