import { encode, type Json } from '#protocol/codec/canonical-json.ts';
import { fromB64u } from '#protocol/codec/text-form.ts';
import {
  claimDigits,
  claimId,
  openClaimName,
  readClaim,
  verifyClaim,
  type SignedClaim,
} from '#protocol/identity/claim.ts';
import type { TicketBody } from '#protocol/identity/certificate-form.ts';
import { ticketKeys } from '#protocol/identity/ticket.ts';
import type { Engine } from '#protocol/ports.ts';
import { textAt } from './exchange.ts';
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
}

interface Held {
  id: string;
  signed: SignedClaim;
  name: string;
  digits: string;
}

/** People who ask to join with a ticket of this device (J3), each with the digits to compare (J4). */
export class Claims {
  readonly #deps: ClaimsDeps;
  #held: readonly Held[] = [];

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
    const given = fromB64u(textAt(told, 'r') ?? '', 16);
    const fresh = given ?? (await door.answerClaim(id, engine.random(16), signal));
    return { id, signed, name: name.value, digits: claimDigits(signed.claim, fresh) };
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
