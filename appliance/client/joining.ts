import type { Json } from '#protocol/codec/canonical-json.ts';
import { fromB64u, toB64u } from '#protocol/codec/text-form.ts';
import { claimDigits, signClaim, type SignedClaim } from '#protocol/identity/claim.ts';
import { isClaimAnswer, verifyAnswer } from '#protocol/identity/claim-answer.ts';
import { applyAsMember, issueDevice } from '#protocol/identity/issue.ts';
import { ticketKeys, ticketSerial } from '#protocol/identity/ticket.ts';
import type { JoinCode } from '#protocol/mission/code.ts';
import type { Engine } from '#protocol/ports.ts';
import { backOffMs } from './bell.ts';
import { BoxAway, BoxRefusal } from './exchange.ts';
import type { JoiningView } from './model.ts';
import type { ClaimNews, OpenDoor } from './open-door.ts';
import type { Clock, DeviceKeys } from './ports.ts';
import { problem, problemOf, type ProblemCode } from './problem.ts';
import { freshSecrets, selfOf, type Secrets, type SelfRecord } from './self.ts';
import type { Vault } from './vault.ts';

/** A code of an invitation. */
export type TicketCode = Extract<JoinCode, { kind: 'ticket' }>;

/** A claim on its way, as the vault keeps it under `joining`. The ticket's secret is not in it (J1). */
export interface JoiningRecord {
  box: string;
  cid: string;
  party: string;
  mission: string;
  partyName: string;
  displayName: string;
  secrets: Secrets;
  claim: SignedClaim;
  refused?: ProblemCode;
}

/** What joining needs of the engine around it. */
export interface JoiningDeps {
  engine: Engine;
  clock: Clock;
  vault: Vault;
  door: OpenDoor;
  device(): Promise<DeviceKeys>;
  onChange(): void;
  /** A lead has admitted this device: `self` is kept in the place of the claim. */
  onAdmitted(self: SelfRecord): Promise<void>;
}

/** From an invitation to membership, with the digits of J4 between. */
export class Joining {
  readonly #deps: JoiningDeps;
  readonly #code: TicketCode | undefined;
  #record: JoiningRecord | undefined;
  #fresh: Uint8Array | undefined;
  #isAdmitted = false;
  #problem: ProblemCode | undefined;

  /** With a code before the person gave a name; with a record after. */
  constructor(deps: JoiningDeps, start: { code: TicketCode } | { record: JoiningRecord }) {
    this.#deps = deps;
    this.#code = 'code' in start ? start.code : undefined;
    this.#record = 'record' in start ? start.record : undefined;
    this.#problem = this.#record?.refused;
  }

  view(): JoiningView {
    const step = this.#step();
    const claim = this.#record?.claim.claim;
    return {
      mission: this.#record?.mission ?? this.#code?.mission ?? '',
      party: this.#record?.partyName ?? this.#code?.party ?? '',
      step,
      ...(step === 'compare-digits' &&
        claim &&
        this.#fresh && { digits: claimDigits(claim, this.#fresh) }),
      ...(this.#problem && { problem: problemOf(this.#problem) }),
    };
  }

  /** "Join" with a name: keys and claim are made, kept, and handed in (J3). */
  async join(displayName: string): Promise<void> {
    if (!this.#code || this.#record) throw problem('FOUNDING_STEP');
    const { engine, vault } = this.#deps;
    const { box, cid, pfp, secret, mission, party } = this.#code;
    const secrets = freshSecrets(engine, false);
    const self = selfOf(secrets, await this.#deps.device());
    const { device, member, inbox } = self;
    const body = {
      b: toB64u(box),
      c: cid,
      d: await issueDevice(engine, member, device.signer, device.agreement.publicKey),
      m: await applyAsMember(engine, member, { party: pfp, inbox: inbox.publicKey }),
      r: toB64u(engine.random(32)),
      t: ticketSerial(secret),
    };
    const claimant = {
      ticket: ticketKeys(secret),
      member,
      device: device.signer,
      name: displayName,
    };
    const claim = await signClaim(engine, body, claimant);
    const record: JoiningRecord = {
      box: toB64u(box),
      cid,
      party: pfp,
      mission,
      partyName: party,
      displayName,
      secrets,
      claim,
    };
    await vault.write([{ key: 'joining', value: record }]);
    this.#record = record;
    this.#deps.onChange();
  }

  /** Hands in the claim and waits for the lead, until admitted, refused or `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (this.#record && !signal.aborted && !this.#isAdmitted && !this.#problem) {
      try {
        const id = await this.#deps.door.claim(this.#record.claim as unknown as Json, signal);
        await this.#follow(id, signal);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof BoxRefusal && !error.isPassing && error.code !== unknownClaim) {
          await this.#refuse('INVITATION_STOPPED');
        } else if (error instanceof BoxRefusal || error instanceof BoxAway) {
          failures += 1;
          await this.#deps.clock.wait(backOffMs(failures), signal);
        } else {
          throw error;
        }
      }
    }
  }

  async #follow(id: string, signal: AbortSignal): Promise<void> {
    let known = 0;
    while (!signal.aborted && !this.#isAdmitted && !this.#problem) {
      const before = known;
      const news = await this.#deps.door.claimNews(id, known, signal);
      known = Number(news.answer !== undefined) + Number(news.isRefused) + Number(news.isAdmitted);
      await this.#take(news);
      // Nothing new for long: handed in again, the claim shows whether the invitation still stands.
      if (known === before) return;
    }
  }

  async #take(news: ClaimNews): Promise<void> {
    if (news.answer !== undefined) await this.#believe(news.answer);
    if (this.#problem) return;
    if (news.isRefused) await this.#refuse('INVITATION_REFUSED');
    const record = this.#record;
    if (news.isAdmitted && record) {
      const { box, cid, displayName, mission, party, partyName, secrets } = record;
      const self = { box, cid, displayName, mission, party, partyName, secrets };
      this.#isAdmitted = true;
      await this.#deps.onAdmitted(self);
    }
    this.#deps.onChange();
  }

  /** Digits are shown only of bytes that a device of the party signed for this claim (J4). */
  async #believe(answer: unknown): Promise<void> {
    // The first bytes stay: digits that changed could be searched for.
    if (this.#fresh || !this.#record) return;
    const { claim } = this.#record.claim;
    const isTrue =
      isClaimAnswer(answer) && (await verifyAnswer(this.#deps.engine, claim, answer)).ok;
    if (isTrue) this.#fresh = fromB64u(answer.r, 16);
    else await this.#refuse('INVITATION_FALSE_ANSWER');
  }

  async #refuse(code: ProblemCode): Promise<void> {
    const { vault, onChange } = this.#deps;
    this.#problem = code;
    if (this.#record) {
      this.#record = { ...this.#record, refused: code };
      await vault.write([{ key: 'joining', value: this.#record }]);
    }
    onChange();
  }

  #step(): JoiningView['step'] {
    if (this.#problem) return 'refused';
    if (!this.#record) return 'name';
    if (this.#isAdmitted) return 'joining';
    return this.#fresh ? 'compare-digits' : 'waiting-for-lead';
  }
}

/** The box lost the claim, so it is handed in again. */
const unknownClaim = 'SWARM_CLAIM_UNKNOWN';
