import type { Caller, Route, RouteReply, RouteRequest } from '#kernel/route.ts';
import { isFingerprint } from '#protocol/codec/fingerprint.ts';
import { fields, integer, list, type Guard } from '#protocol/codec/shape.ts';
import type { Admission } from './admission.ts';
import { refuse } from './errors.ts';
import { json, readJson } from './json-body.ts';
import type { Membership } from './membership.ts';
import type { Pages } from './pages.ts';
import type { Swarms } from './swarms.ts';

/** What the doors of the swarms need. */
export interface SwarmDoors {
  swarms: Swarms;
  membership: Membership;
  admission: Admission;
  pages: Pages;
  /** Hears which device has logged in and asks what there is. */
  onArrival(device: string): void;
  /** Refuses writes while the box is about to stop. */
  isClosing(): boolean;
}

/** A whole batch (L2), which is also the largest body the box takes. */
const packBytes = 4 * 1024 * 1024;
/** Sixty-four heads (L8) and as many of every device may be named in a question. */
const fetchBytes = 65_536;
const mostNames = 1024;

/** Doors for devices of the mission. A removed device is refused at each of them (I4). */
export function swarmRoutes(doors: SwarmDoors): Route[] {
  const { swarms, membership, admission, pages, isClosing } = doors;

  const list = known(membership, ({ device }) => {
    doors.onArrival(device);
    return json(membership.swarmsOf(device));
  });

  const refs = inside(membership, (_caller, cid) => json(swarms.get(cid)?.heads() ?? []));

  const fetch = inside(membership, async (_caller, cid, { body }) => {
    const question = readJson(body);
    if (!isQuestion(question)) return refuse('SWARM_REQUEST_MALFORMED');
    const { pack, hasMore } = await pages.page(cid, question);
    return { bytes: pack, ...(hasMore && { headers: { 'parley-more': '1' } }) };
  });

  const push = inside(membership, (caller, cid, { body, query }) => {
    if (isClosing()) return refuse('SWARM_CLOSING');
    const head = query['head'];
    if (head !== undefined && !isOid(head)) return refuse('SWARM_REQUEST_MALFORMED');
    return admission.push(caller, cid, body);
  });

  const create = known(membership, (caller, { body }) =>
    isClosing() ? refuse('SWARM_CLOSING') : admission.create(caller, body),
  );

  const signed = { access: 'signed' as const };
  return [
    { method: 'GET', path: '/v1/s', ...signed, maxBodyBytes: 0, handle: list },
    { method: 'POST', path: '/v1/s', ...signed, maxBodyBytes: packBytes, handle: create },
    { method: 'GET', path: '/v1/s/:cid/refs', ...signed, maxBodyBytes: 0, handle: refs },
    {
      method: 'POST',
      path: '/v1/s/:cid/fetch',
      ...signed,
      maxBodyBytes: fetchBytes,
      handle: fetch,
    },
    { method: 'POST', path: '/v1/s/:cid/pack', ...signed, maxBodyBytes: packBytes, handle: push },
  ];
}

type Reply = RouteReply | Promise<RouteReply>;

/** Only for devices that are effective in the mission at this moment. */
function known(
  membership: Membership,
  handle: (caller: Caller, request: RouteRequest) => Reply,
): Route['handle'] {
  return async (request) => {
    const caller = request.caller as Caller;
    return membership.device(caller.device)
      ? handle(caller, request)
      : refuse('SWARM_DEVICE_REMOVED');
  };
}

/** Only for devices that may see the swarm; whether it exists is nobody else's business. */
function inside(
  membership: Membership,
  handle: (caller: Caller, cid: string, request: RouteRequest) => Reply,
): Route['handle'] {
  return known(membership, (caller, request) => {
    const cid = request.params['cid'];
    if (!isFingerprint(cid) || !membership.maySee(caller.device, cid))
      return refuse('SWARM_UNKNOWN');
    return handle(caller, cid, request);
  });
}

const isOid: Guard<string> = (value): value is string =>
  typeof value === 'string' && /^[0-9a-f]{40}$/.test(value);

const isQuestion = fields({
  have: list(isOid, 0, mostNames),
  max: integer(1, Number.MAX_SAFE_INTEGER),
  want: list(isOid, 0, mostNames),
});
