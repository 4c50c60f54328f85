import type { Clock } from '#kernel/clock.ts';
import { Serial } from '#kernel/serial.ts';
import { encode, type Json } from '#protocol/codec/canonical-json.ts';
import { isFingerprint } from '#protocol/codec/fingerprint.ts';
import { fields, integer, list, oneOf, text, type Guard } from '#protocol/codec/shape.ts';
import { readClaim, type Claim, type SignedClaim } from '#protocol/identity/claim.ts';
import { isClaimAnswer, type ClaimAnswer } from '#protocol/identity/claim-answer.ts';
import type { Verdict } from '#protocol/verdict.ts';
import type { DurableRecord } from '#kernel/durable-record.ts';
import type { Outcome } from './errors.ts';

/** What the box has found out about a claim whose proofs are good. */
export interface CheckedClaim {
  id: string;
  /** Serial of the ticket, and what the ticket says. */
  serial: string;
  party: string;
  uses: number;
  /** Fingerprint of the device that wants to join. */
  device: string;
}

/** A claim that waits for a lead, or for its claimant to hear the answer. */
export interface HeldClaim extends CheckedClaim {
  signed: SignedClaim;
  /** What a lead's device answered (J4). */
  answer?: ClaimAnswer;
  refused?: 1;
  /** When it came or changed, in milliseconds since 1970. */
  touchedMs: number;
}

/** What a claimant may hear. */
export interface ClaimNews {
  answer?: ClaimAnswer;
  refused?: 1;
  admitted?: 1;
}

export interface ClaimDeps {
  record: DurableRecord<HeldClaim[]>;
  clock: Clock;
  /** The claim's proofs, judged against a live ticket (J2–J4); or why not. */
  check(signed: SignedClaim): Promise<CheckedClaim | Exclude<Outcome, undefined>>;
  /** Whether that device made this answer to this claim (J4). */
  checkAnswer(claim: Claim, answer: ClaimAnswer, device: string): Promise<Verdict>;
  /** Whether the mission knows that device by now. */
  isAdmitted(device: string): boolean;
  /** Hears the party whose claims changed. */
  onChange(party: string): void;
}

/** Beyond the ticket's uses: a second scanner must be able to show up and be seen (J4). */
const spareClaims = 8;
/** Claims of all tickets; stops a leaked ticket of many uses from filling the disk. */
const mostClaims = 1024;
const keepMs = 24 * 3_600_000;

/**
 * Carries claims to the leads of the inviting party and their answers back. Held on disk, so that
 * nobody who waits is lost in a restart. Only holders of a live ticket's secret get in.
 */
export class Claims {
  readonly #deps: ClaimDeps;
  readonly #turn = new Serial();
  #held: readonly HeldClaim[] = [];

  constructor(deps: ClaimDeps) {
    this.#deps = deps;
  }

  async open(): Promise<void> {
    this.#held = (await this.#deps.record.read()) ?? [];
  }

  /** Takes a claim; the same one again gets the same id. */
  post(signed: SignedClaim): Promise<{ id: string } | Exclude<Outcome, undefined>> {
    return this.#turn.run(async () => {
      const checked = await this.#deps.check(signed);
      if ('code' in checked) return checked;
      const { id, serial, uses, party } = checked;
      if (this.#find(id)) return { id };
      const alive = this.#held.filter((claim) => this.#isKept(claim));
      const ofTicket = alive.filter((claim) => claim.serial === serial && !claim.refused);
      if (ofTicket.length >= uses + spareClaims || alive.length >= mostClaims) {
        return { code: 'SWARM_CLAIM_CROWD', detail: { retryAfterSeconds: 60 } };
      }
      const claim: HeldClaim = { ...checked, signed, touchedMs: this.#deps.clock.now() };
      await this.#store([...alive, claim], party);
      return { id };
    });
  }

  /** What has been said about a claim; undefined for one that is not here. */
  news(id: string): ClaimNews | undefined {
    const claim = this.#find(id);
    if (claim === undefined) return undefined;
    const { answer, refused, device } = claim;
    const admitted = this.#deps.isAdmitted(device);
    return {
      ...(answer && { answer }),
      ...(refused && { refused }),
      ...(admitted && { admitted: 1 }),
    };
  }

  /** Claims of a party that wait for an answer, oldest first. */
  waiting(party: string): HeldClaim[] {
    return this.#held.filter(
      (claim) => claim.party === party && !claim.refused && !this.#deps.isAdmitted(claim.device),
    );
  }

  /** The party whose lead may answer the claim. */
  partyOf(id: string): string | undefined {
    return this.#find(id)?.party;
  }

  /** Notes what a lead's `device` says. The first answer stays: digits that changed could be ground (J4). */
  answer(
    id: string,
    said: { answer: ClaimAnswer } | { refuse: 1 },
    device: string,
  ): Promise<ClaimNews | Exclude<Outcome, undefined>> {
    return this.#turn.run(async () => {
      const claim = this.#find(id);
      if (claim === undefined) return { code: 'SWARM_CLAIM_UNKNOWN' };
      if ('answer' in said) {
        const verdict = await this.#deps.checkAnswer(claim.signed.claim, said.answer, device);
        if (!verdict.ok) return { code: 'SWARM_ANSWER_REFUSED', detail: { rule: verdict.rule } };
      }
      const change =
        'refuse' in said ? { refused: 1 as const } : { answer: claim.answer ?? said.answer };
      const changed: HeldClaim = { ...claim, ...change, touchedMs: this.#deps.clock.now() };
      const next = this.#held.map((one) => (one.id === id ? changed : one));
      await this.#store(next, claim.party);
      return this.news(id) ?? {};
    });
  }

  #find(id: string): HeldClaim | undefined {
    return this.#held.find((claim) => claim.id === id);
  }

  #isKept(claim: HeldClaim): boolean {
    return this.#deps.clock.now() - claim.touchedMs < keepMs;
  }

  async #store(next: readonly HeldClaim[], party: string): Promise<void> {
    await this.#deps.record.write([...next]);
    this.#held = next;
    this.#deps.onChange(party);
  }
}

const isSigned: Guard<SignedClaim> = (value): value is SignedClaim =>
  readClaim(encode(value as Json)).ok;

/** The form of the file. */
export const isClaimList: Guard<HeldClaim[]> = list(
  fields(
    {
      id: text(1, 64),
      serial: text(1, 64),
      party: isFingerprint,
      uses: integer(1, 256),
      device: isFingerprint,
      signed: isSigned,
      touchedMs: integer(0, Number.MAX_SAFE_INTEGER),
    },
    { answer: isClaimAnswer, refused: oneOf(1) },
  ) as Guard<HeldClaim>,
  0,
  mostClaims,
);
