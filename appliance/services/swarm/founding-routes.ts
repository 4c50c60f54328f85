import type { Clock } from '#kernel/clock.ts';
import type { Route, RouteReply, RouteRequest } from '#kernel/route.ts';
import { fromB64u } from '#protocol/codec/text-form.ts';
import { isEntry } from '#protocol/mission/founding-post.ts';
import { Allowance } from './allowance.ts';
import { refuse, type Outcome } from './errors.ts';
import type { Founding } from './founding.ts';
import { isOpeningSent } from './founding-file.ts';
import { json, readJson } from './json-body.ts';
import type { News } from './news.ts';

/** What the doors of a founding need. */
export interface FoundingDoors {
  founding: Founding;
  news: News;
  pollMs: number;
  clock: Clock;
  /** Refuses writes while the box is about to stop. */
  isClosing(): boolean;
}

/** A draft with 32 parties' sealed names. */
const draftBytes = 65_536;
/** A `found` commit in b64u is the largest post. */
const postBytes = 131_072;

/** Opening keys shown by one address: people who begin anew, not a machine that guesses. */
const ofAddress = { burst: 16, perHour: 60 };

/** How long an answer with a draft and no posts is held back: too long to be a busy loop. */
const firstMs = 500;

/** The open doors of the ceremony: there is no device yet that could log in. */
export function foundingRoutes(doors: FoundingDoors): Route[] {
  const { founding, news, pollMs, isClosing } = doors;
  const attempts = new Allowance(ofAddress, doors.clock);
  const read = async ({ query, signal }: RouteRequest): Promise<RouteReply> => {
    const after = countOf(query['after']);
    if (after === undefined) return json(founding.news(0));
    const wasKept = founding.isKept;
    const ask = () => {
      const now = founding.news(after);
      const isNew = now.posts.length > 0 || now.next < after || founding.isKept !== wasKept;
      return isNew || now.cid !== undefined ? now : undefined;
    };
    // Who asks for everything may lack the draft, and should not wait for somebody's first post.
    const waitMs = after === 0 && wasKept ? Math.min(firstMs, pollMs) : pollMs;
    const found = await news.until(ask, waitMs, signal);
    if (found === 'full') return refuse('SWARM_POLLS_USED', { retryAfterSeconds: 5 });
    return json(found ?? founding.news(after));
  };
  const begin = async ({ address, body }: RouteRequest): Promise<RouteReply> => {
    if (isClosing()) return refuse('SWARM_CLOSING');
    const sent: unknown = readJson(body);
    if (!isOpeningSent(sent)) return refuse('SWARM_REQUEST_MALFORMED');
    const { o, ...draft } = sent;
    if (o === undefined) return answer(await founding.begin(draft));
    const retryAfterSeconds = attempts.waitSeconds(address);
    if (retryAfterSeconds > 0) return refuse('SWARM_TOO_FAST', { retryAfterSeconds });
    attempts.sweep();
    attempts.spend(address, 1);
    return answer(await founding.begin(draft, fromB64u(o, 16)));
  };
  const post = async ({ body }: RouteRequest): Promise<RouteReply> => {
    if (isClosing()) return refuse('SWARM_CLOSING');
    const entry = readJson(body);
    if (!isEntry(entry)) return refuse('SWARM_REQUEST_MALFORMED');
    return answer(await founding.post(entry));
  };
  const open = { access: 'open' as const };
  return [
    { method: 'GET', path: '/v1/founding', ...open, maxBodyBytes: 0, handle: read },
    { method: 'POST', path: '/v1/founding', ...open, maxBodyBytes: draftBytes, handle: begin },
    { method: 'POST', path: '/v1/founding/posts', ...open, maxBodyBytes: postBytes, handle: post },
  ];

  function answer(outcome: Outcome): RouteReply {
    return outcome ? refuse(outcome.code, outcome.detail) : json({ next: founding.news(0).next });
  }
}

/** A number of a query, 0…2³¹; undefined when absent or not a number. */
export function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^(0|[1-9][0-9]{0,9})$/.test(text) ? Number(text) : undefined;
}
