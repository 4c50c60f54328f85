import { claimId, type SignedClaim } from '#protocol/identity/claim.ts';
import type { ClaimAnswer } from '#protocol/identity/claim-answer.ts';
import { BoxRefusal, type Carrier, type Question } from '#client/exchange.ts';
import type { HttpReply } from '#client/ports.ts';

interface Held {
  envelope: SignedClaim;
  answer?: ClaimAnswer;
  refused?: 1;
  admitted?: 1;
}

/** A box's doors for claims in memory, for claimants and leads, which checks nothing. */
export class FakeClaims implements Carrier {
  readonly held = new Map<string, Held>();
  /** What claimants are told in the place of the lead's answer. */
  bend: ((answer: ClaimAnswer) => unknown) | undefined;
  /** Keeps the answers from the lead, as if there were none yet. */
  isForgetful = false;
  isTicketDead = false;
  posts = 0;
  readonly #waiting = new Set<() => void>();

  async ask(question: Question): Promise<HttpReply> {
    const [path = '', query = ''] = question.path.split('?');
    const id = path.slice('/v1/claims/'.length);
    if (path === '/v1/claims' && question.method === 'POST') return this.#post(question);
    if (path === '/v1/claims') {
      const told = [...this.held].map(([of, { envelope, answer }]) => ({
        id: of,
        ...envelope,
        ...(!this.isForgetful && { answer }),
      }));
      return reply(told);
    }
    const held = this.held.get(id);
    if (!held) throw new BoxRefusal(409, 'SWARM_CLAIM_UNKNOWN');
    if (question.method === 'GET') return this.#news(held, Number(query.slice(6)), question.signal);
    const said = JSON.parse(new TextDecoder().decode(question.body)) as { answer?: ClaimAnswer };
    if (said.answer === undefined) held.refused = 1;
    else held.answer ??= said.answer;
    this.changed();
    return reply({ answer: held.answer });
  }

  changed(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  #post(question: Question): HttpReply {
    if (this.isTicketDead) throw new BoxRefusal(403, 'SWARM_TICKET_DEAD');
    this.posts += 1;
    const envelope = JSON.parse(new TextDecoder().decode(question.body)) as SignedClaim;
    const id = claimId(envelope.claim);
    if (!this.held.has(id)) this.held.set(id, { envelope });
    return reply({ id });
  }

  async #news(held: Held, known: number, signal: AbortSignal): Promise<HttpReply> {
    const now = () => {
      const { answer, refused, admitted } = held;
      const told = answer && this.bend ? this.bend(answer) : answer;
      return Object.entries({ answer: told, refused, admitted }).filter(([, value]) => value);
    };
    if (now().length <= known) {
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    return reply(Object.fromEntries(now()));
  }
}

function reply(value: unknown): HttpReply {
  return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(value)) };
}
