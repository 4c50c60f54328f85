import type { Clock } from '#kernel/clock.ts';
import type { Caller, Route, RouteReply, RouteRequest } from '#kernel/route.ts';
import { isLinkOffer, isNewDeviceSays, verifyNewSays } from '#protocol/identity/link.ts';
import { isOldDeviceSays } from '#protocol/identity/link-says.ts';
import type { Engine } from '#protocol/ports.ts';
import { Allowance } from './allowance.ts';
import { refuse, type Outcome } from './errors.ts';
import { countOf } from './founding-routes.ts';
import { json, readJson } from './json-body.ts';
import type { Links, LinkNews } from './links.ts';
import type { Membership } from './membership.ts';
import type { News } from './news.ts';

/** What the doors for linking need. */
export interface LinkDoors {
  links: Links;
  engine: Engine;
  membership: Membership;
  news: News;
  pollMs: number;
  clock: Clock;
  /** Whether there is a mission that a device could be linked into. */
  hasMission(): boolean;
  /** Refuses writes while the box is about to stop. */
  isClosing(): boolean;
}

const offerBytes = 1024;
/** An application for a certificate is the largest that a new device says. */
const newBytes = 2048;
/** The keys that are handed over, in base64. */
const oldBytes = 655_360;

/** What one address offers and says: a desk of new phones, but not a machine. */
const ofAddress = { burst: 64, perHour: 240 };

/** Doors for a new device, which nobody knows yet, and for the old one of the same person (J9). */
export function linkRoutes(doors: LinkDoors): Route[] {
  const { links, engine, membership, news, pollMs, isClosing } = doors;
  const attempts = new Allowance(ofAddress, doors.clock);

  const isTooFast = (address: string): RouteReply | undefined => {
    const retryAfterSeconds = attempts.waitSeconds(address);
    if (retryAfterSeconds > 0) return refuse('SWARM_TOO_FAST', { retryAfterSeconds });
    attempts.sweep();
    attempts.spend(address, 1);
    return undefined;
  };

  const offer = ({ address, body }: RouteRequest): Promise<RouteReply> => {
    if (isClosing()) return Promise.resolve(refuse('SWARM_CLOSING'));
    if (!doors.hasMission()) return Promise.resolve(refuse('SWARM_MISSION_NONE'));
    const slow = isTooFast(address);
    if (slow) return Promise.resolve(slow);
    const sent: unknown = readJson(body);
    if (!isLinkOffer(sent)) return Promise.resolve(refuse('SWARM_REQUEST_MALFORMED'));
    const outcome = links.offer(sent);
    return Promise.resolve(
      'code' in outcome ? refuse(outcome.code, outcome.detail) : json(outcome),
    );
  };

  // `after` is the number of things said that the caller has heard; without it all there is, at once.
  const wait = async ({ params, query, signal }: RouteRequest): Promise<RouteReply> => {
    const id = params['id'] ?? '';
    if (links.news(id) === undefined) return refuse('SWARM_LINK_UNKNOWN');
    const after = countOf(query['after']) ?? -1;
    const ask = (): LinkNews | undefined => {
      const now = links.news(id);
      return now && now.new.length + now.old.length > after ? now : undefined;
    };
    const found = await news.until(ask, pollMs, signal);
    if (found === 'full') return refuse('SWARM_POLLS_USED', { retryAfterSeconds: 5 });
    const now = found ?? links.news(id);
    return now ? json(now) : refuse('SWARM_LINK_UNKNOWN');
  };

  const sayNew = async ({ address, params, body }: RouteRequest): Promise<RouteReply> => {
    if (isClosing()) return refuse('SWARM_CLOSING');
    const slow = isTooFast(address);
    if (slow) return slow;
    const id = params['id'] ?? '';
    const held = links.news(id);
    if (!held) return refuse('SWARM_LINK_UNKNOWN');
    const sent: unknown = readJson(body);
    if (!isNewDeviceSays(sent)) return refuse('SWARM_REQUEST_MALFORMED');
    const verdict = await verifyNewSays(engine, held.offer, sent);
    if (!verdict.ok) return refuse('SWARM_LINK_REFUSED', { rule: verdict.rule });
    return said(links.sayNew(id, sent));
  };

  const sayOld = ({ caller, params, body }: RouteRequest): Promise<RouteReply> => {
    if (isClosing()) return Promise.resolve(refuse('SWARM_CLOSING'));
    const { device } = caller as Caller;
    if (!membership.device(device)) return Promise.resolve(refuse('SWARM_DEVICE_REMOVED'));
    const sent: unknown = readJson(body);
    if (!isOldDeviceSays(sent)) return Promise.resolve(refuse('SWARM_REQUEST_MALFORMED'));
    return Promise.resolve(said(links.sayOld(params['id'] ?? '', sent, device)));
  };

  const open = { access: 'open' as const };
  return [
    { method: 'POST', path: '/v1/links', ...open, maxBodyBytes: offerBytes, handle: offer },
    { method: 'GET', path: '/v1/links/:id', ...open, maxBodyBytes: 0, handle: wait },
    { method: 'POST', path: '/v1/links/:id/new', ...open, maxBodyBytes: newBytes, handle: sayNew },
    {
      method: 'POST',
      path: '/v1/links/:id/old',
      access: 'signed',
      maxBodyBytes: oldBytes,
      handle: sayOld,
    },
  ];
}

function said(outcome: Outcome): RouteReply {
  return outcome ? refuse(outcome.code, outcome.detail) : json({});
}
