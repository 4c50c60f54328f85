import type { Clock } from '#kernel/clock.ts';
import type { Caller, Route, RouteReply, RouteRequest } from '#kernel/route.ts';
import { encode } from '#protocol/codec/canonical-json.ts';
import { fields, oneOf } from '#protocol/codec/shape.ts';
import { readClaim } from '#protocol/identity/claim.ts';
import { isClaimAnswer } from '#protocol/identity/claim-answer.ts';
import { Allowance } from './allowance.ts';
import type { Claims, HeldClaim } from './claims.ts';
import { refuse } from './errors.ts';
import { countOf } from './founding-routes.ts';
import { json, readJson } from './json-body.ts';
import type { Membership } from './membership.ts';
import type { News } from './news.ts';

/** What the doors for claims need. */
export interface ClaimDoors {
  claims: Claims;
  membership: Membership;
  news: News;
  pollMs: number;
  clock: Clock;
  /** Refuses writes while the box is about to stop. */
  isClosing(): boolean;
}

/** A claim with two certificates, and a sealed name. */
const claimBytes = 16_384;
/** An answer with three certificates. */
const answerBytes = 4096;

/** New claims of one address: a household of phones, but not a machine that tries codes. */
const ofAddress = { burst: 16, perHour: 60 };

/** Doors for people who want to join, and for the leads who let them in. */
export function claimRoutes(doors: ClaimDoors): Route[] {
  const { claims, membership, news, pollMs, isClosing } = doors;

  const attempts = new Allowance(ofAddress, doors.clock);

  const post = async ({ address, body }: RouteRequest): Promise<RouteReply> => {
    if (isClosing()) return refuse('SWARM_CLOSING');
    const retryAfterSeconds = attempts.waitSeconds(address);
    if (retryAfterSeconds > 0) return refuse('SWARM_TOO_FAST', { retryAfterSeconds });
    attempts.sweep();
    attempts.spend(address, 1);
    const sent = readJson(body);
    const signed = sent === undefined ? undefined : readClaim(encode(sent));
    if (!signed?.ok) return refuse('SWARM_REQUEST_MALFORMED', { rule: signed?.rule ?? 'R5' });
    const outcome = await claims.post(signed.value);
    return 'code' in outcome ? refuse(outcome.code, outcome.detail) : json(outcome);
  };

  // `after` is the number of keys that the claimant has seen: each answer adds one.
  const wait = async ({ params, query, signal }: RouteRequest): Promise<RouteReply> => {
    const id = params['id'] ?? '';
    if (claims.news(id) === undefined) return refuse('SWARM_CLAIM_UNKNOWN');
    const after = countOf(query['after']) ?? 0;
    const ask = () => {
      const now = claims.news(id);
      return now === undefined || Object.keys(now).length > after ? (now ?? {}) : undefined;
    };
    const found = await news.until(ask, pollMs, signal);
    if (found === 'full') return refuse('SWARM_POLLS_USED', { retryAfterSeconds: 5 });
    return json(found ?? claims.news(id) ?? {});
  };

  const list = ({ caller }: RouteRequest): Promise<RouteReply> => {
    const { device, party } = caller as Caller;
    if (!membership.device(device)) return Promise.resolve(refuse('SWARM_DEVICE_REMOVED'));
    const waiting = membership.isLead(device, party) ? claims.waiting(party) : [];
    return Promise.resolve(json(waiting.map(shown)));
  };

  const reply = async ({ caller, params, body }: RouteRequest): Promise<RouteReply> => {
    if (isClosing()) return refuse('SWARM_CLOSING');
    const id = params['id'] ?? '';
    const said = readJson(body);
    if (!isYes(said) && !isNo(said)) return refuse('SWARM_REQUEST_MALFORMED');
    const party = claims.partyOf(id);
    if (party === undefined) return refuse('SWARM_CLAIM_UNKNOWN');
    const { device } = caller as Caller;
    if (!membership.isLead(device, party)) return refuse('SWARM_NOT_LEAD');
    const outcome = await claims.answer(id, said, device);
    return 'code' in outcome ? refuse(outcome.code, outcome.detail) : json(outcome);
  };

  return [
    { method: 'POST', path: '/v1/claims', access: 'open', maxBodyBytes: claimBytes, handle: post },
    { method: 'GET', path: '/v1/claims', access: 'signed', maxBodyBytes: 0, handle: list },
    { method: 'GET', path: '/v1/claims/:id', access: 'open', maxBodyBytes: 0, handle: wait },
    {
      method: 'POST',
      path: '/v1/claims/:id',
      access: 'signed',
      maxBodyBytes: answerBytes,
      handle: reply,
    },
  ];
}

const isYes = fields({ answer: isClaimAnswer });
const isNo = fields({ refuse: oneOf(1) });

function shown({ id, signed, answer }: HeldClaim): object {
  return { id, ...signed, ...(answer && { answer }) };
}
