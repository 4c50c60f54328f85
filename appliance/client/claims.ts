import { encode, type Json } from '#protocol/codec/canonical-json.ts';
import { fromB64u } from '#protocol/codec/text-form.ts';
import {
  claimDigits,
  claimId,
  openClaimName,
  readClaim,
  verifyClaim,
  type Claim,
  type SignedClaim,
} from '#protocol/identity/claim.ts';
import type { ClaimAnswer } from '#protocol/identity/claim-answer.ts';
import type { TicketBody } from '#protocol/identity/certificate-form.ts';
import { ticketKeys } from '#protocol/identity/ticket.ts';
import type { Engine } from '#protocol/ports.ts';
import { at } from './exchange.ts';
import type { ClaimView } from './model.ts';
import type { SwarmDoor } from './swarm-door.ts';

/** A ticket of ours that still stands, with the secret that only its maker has. */
export interface OwnTicket {
  body: TicketBody;
  secret: Uint8Array;
}

/** What a lead's device needs to look after claims. */
export interface ClaimsDeps {
  engine: Engine;
  door: SwarmDoor;
  /** Hash of the box's key, b64u. */
  box: string;
  /** The ticket of a serial, if this device made it and it is good. */
  ticket(serial: string): Promise<OwnTicket | undefined>;
  /** This device's answer to a claim: always the same one (J4). */
  answer(claim: Claim): Promise<ClaimAnswer>;
}

interface Held {
  id: string;
  signed: SignedClaim;
  name: string;
  digits: string;
}

/**
 * Claims of one ticket that are answered beyond its uses. Stops a box that helps a second scanner
 * from showing this device claim after claim until the digits of one are those of the honest one.
 */
const spareAnswers = 8;

/** People who ask to join with a ticket of this device (J3), each with the digits to compare (J4). */
export class Claims {
  readonly #deps: ClaimsDeps;
  #held: readonly Held[] = [];
  /** Ids of the claims answered, by serial. */
  readonly #answered = new Map<string, Set<string>>();

  constructor(deps: ClaimsDeps) {
    this.#deps = deps;
  }

  view(): readonly ClaimView[] {
    return this.#held.map(({ id, name, digits }) => ({ id, name, digits }));
  }

  /** The claim of an id; undefined if it is not waiting any more. */
  get(id: string): SignedClaim | undefined {
    return this.#held.find((held) => held.id === id)?.signed;
  }

  /** Forgets an answered claim at once; the box may be slower. */
  drop(id: string): void {
    this.#held = this.#held.filter((held) => held.id !== id);
  }

  /** Asks the box and checks every proof again: its word that a claim is good counts for nothing. */
  async refresh(signal: AbortSignal): Promise<void> {
    const found: Held[] = [];
    for (const told of await this.#deps.door.claims(signal)) {
      const held = await this.#judge(told, signal);
      if (held && !found.some(({ id }) => id === held.id)) found.push(held);
    }
    this.#held = found;
  }

  async #judge(told: unknown, signal: AbortSignal): Promise<Held | undefined> {
    const { engine, box, door } = this.#deps;
    const signed = signedOf(told);
    const ticket = signed && (await this.#deps.ticket(signed.claim.t));
    if (!signed || !ticket) return undefined;
    if (!(await verifyClaim(engine, signed, ticket.body, box)).ok) return undefined;
    const name = openClaimName(ticketKeys(ticket.secret).sealingKey, signed);
    if (!name.ok) return undefined;
    const id = claimId(signed.claim);
    const known = this.#held.find((held) => held.id === id);
    if (known) return known;
    if (!this.#mayAnswer(id, ticket.body)) return undefined;
    const answer = await this.#deps.answer(signed.claim);
    // Digits come of this device's own bytes, whatever the box says that somebody answered.
    const digits = claimDigits(signed.claim, fromB64u(answer.r, 16) ?? new Uint8Array(0));
    if (at(told, 'answer') === undefined) await door.answerClaim(id, answer, signal);
    return { id, signed, name: name.value, digits };
  }

  #mayAnswer(id: string, { serial, n }: TicketBody): boolean {
    const answered = this.#answered.get(serial) ?? new Set();
    this.#answered.set(serial, answered);
    if (answered.size < n + spareAnswers) answered.add(id);
    return answered.has(id);
  }
}

/** The claim in what the box told, without what it added. */
function signedOf(told: unknown): SignedClaim | undefined {
  if (typeof told !== 'object' || told === null) return undefined;
  const { claim, n, si, sm, sd } = told as { [key: string]: Json };
  try {
    const read = readClaim(encode({ claim, n, si, sm, sd } as Json));
    return read.ok ? read.value : undefined;
  } catch {
    // What CJ cannot hold is no claim.
    return undefined;
  }
}
