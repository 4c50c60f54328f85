import type { Json } from '#protocol/codec/canonical-json.ts';
import { fromB64u, toB64u } from '#protocol/codec/text-form.ts';
import { issue } from '#protocol/identity/certificate.ts';
import type { Claim } from '#protocol/identity/claim.ts';
import { answerClaim, digitBytes, type ClaimAnswer } from '#protocol/identity/claim-answer.ts';
import { issueTicket } from '#protocol/identity/ticket.ts';
import { linkFor } from '#protocol/mission/code.ts';
import type { Engine } from '#protocol/ports.ts';
import { leadsOf, type MissionState } from '#protocol/state/mission-state.ts';
import { Claims, type OwnTicket } from './claims.ts';
import type { LocalSwarm } from './local-swarm.ts';
import type { InvitationView } from './model.ts';
import type { Clock } from './ports.ts';
import { problem } from './problem.ts';
import { minuteOf } from './room.ts';
import type { Self, SelfRecord } from './self.ts';
import type { SwarmDoor } from './swarm-door.ts';
import type { Vault, VaultChange } from './vault.ts';

export interface InvitationsDeps {
  engine: Engine;
  clock: Clock;
  vault: Vault;
  door: SwarmDoor;
  origin: string;
  self: Self;
  mission: LocalSwarm<MissionState>;
  record(): SelfRecord;
  /** Name of the mission and of the own party, for the invited person's first screen. */
  words(): { mission: string; party: string };
}

/** Invitations of one's party, and the people who come with them. */
export class Invitations {
  readonly claims: Claims;
  readonly #deps: InvitationsDeps;
  /** Secrets of tickets made on this device, by serial. */
  readonly #secrets = new Map<string, string>();

  constructor(deps: InvitationsDeps) {
    this.#deps = deps;
    this.claims = new Claims({
      engine: deps.engine,
      door: deps.door,
      box: deps.record().box,
      ticket: (serial) => Promise.resolve(this.#ticket(serial)),
      answer: (claim) => this.#answerTo(claim),
    });
  }

  async open(): Promise<void> {
    for (const { key, value } of await this.#deps.vault.list<string>('ticket/')) {
      this.#secrets.set(key.slice('ticket/'.length), value);
    }
  }

  /** Whether anybody can come with an invitation of this device. */
  get hasOpen(): boolean {
    return [...this.#secrets.keys()].some((serial) => this.#ticket(serial) !== undefined);
  }

  /** Invitations of the own party, newest last; links only of those made here. */
  view(): InvitationView[] {
    const { party } = this.#deps.record();
    return [...this.#state().tickets.values()].flatMap(({ certificate, admitted, isRevoked }) => {
      const { kind, n, p, serial } = certificate.c;
      if (p !== party || kind === 'guest') return [];
      const link = isRevoked ? undefined : this.#link(serial);
      const used = admitted.length;
      const shown = { id: serial, kind, uses: n, used, stopped: isRevoked };
      return [{ ...shown, ...(link !== undefined && { link }) }];
    });
  }

  /** Writes an invitation into the mission (J2); its secret stays on this device. */
  async make(kind: 'person' | 'open', uses: number): Promise<InvitationView> {
    this.#checkLead();
    const { engine, mission, self } = this.#deps;
    const secret = engine.random(32);
    const ticket = await issueTicket(engine, self.member, secret, {
      cid: mission.cid,
      party: this.#deps.record().party,
      kind,
      uses: kind === 'person' ? 1 : Math.min(Math.max(Math.trunc(uses), 1), 256),
      rooms: [],
      delegating: false,
    });
    const { serial } = ticket.c;
    const kept = toB64u(secret);
    this.#secrets.set(serial, kept);
    await this.#write('invite', { t: ticket }, [{ key: `ticket/${serial}`, value: kept }]);
    const made = this.view().find(({ id }) => id === serial);
    if (!made) throw problem('INVITATION_GONE');
    return made;
  }

  /** Takes an invitation back (J7). */
  async stop(serial: string): Promise<void> {
    this.#checkLead();
    const ticket = this.#state().tickets.get(serial);
    if (!ticket) throw problem('INVITATION_GONE');
    if (!ticket.isRevoked) await this.#write('revoke', { t: serial }, []);
  }

  /** The lead has compared the digits and says whether this is the person (J4). */
  async answer(id: string, admit: boolean, signal: AbortSignal): Promise<void> {
    this.#checkLead();
    const signed = this.claims.get(id);
    if (!signed) throw problem('CLAIM_GONE');
    const { party } = this.#deps.self;
    if (!admit) {
      await this.#deps.door.refuseClaim(id, signal);
    } else {
      if (!party) throw problem('NOT_A_LEAD');
      const { d, m, t } = signed.claim;
      await this.#write('admit', { d, m: await issue(m, party), t }, []);
    }
    this.claims.drop(id);
  }

  /** Signed by this device, with the certificates up to the party that the claimant knows (J4). */
  #answerTo(claim: Claim): Promise<ClaimAnswer> {
    const { self } = this.#deps;
    const { devices, members, parties } = this.#state();
    const device = devices.get(self.dfp)?.certificate;
    const member = members.get(self.mfp)?.certificate;
    const party = parties.get(this.#deps.record().party)?.certificate;
    if (!device || !member || !party) throw problem('NOT_A_LEAD');
    const bytes = digitBytes(self.deviceSecret, claim);
    return answerClaim(claim, { party, member, device }, self.device.signer, bytes);
  }

  #ticket(serial: string): OwnTicket | undefined {
    const secret = fromB64u(this.#secrets.get(serial) ?? '', 32);
    const ticket = this.#state().tickets.get(serial);
    if (!secret || !ticket || ticket.isRevoked) return undefined;
    const body = ticket.certificate.c;
    return ticket.admitted.length < body.n ? { body, secret } : undefined;
  }

  #link(serial: string): string | undefined {
    const secret = fromB64u(this.#secrets.get(serial) ?? '', 32);
    const { box, party: pfp } = this.#deps.record();
    const { mission, party } = this.#deps.words();
    if (!secret) return undefined;
    return linkFor(this.#deps.origin, {
      kind: 'ticket',
      box: fromB64u(box, 32) ?? new Uint8Array(32),
      cid: this.#deps.mission.cid,
      pfp,
      secret,
      mission,
      party,
    });
  }

  #checkLead(): void {
    const { party } = this.#deps.record();
    if (!leadsOf(this.#state(), party).includes(this.#deps.self.mfp)) throw problem('NOT_A_LEAD');
  }

  async #write(k: string, x: object, changes: readonly VaultChange[]): Promise<void> {
    const { clock, mission, self } = this.#deps;
    const proposal = {
      k,
      d: self.dfp,
      seconds: minuteOf(clock.now()),
      x: x as { [key: string]: Json },
    };
    await mission.write(() => Promise.resolve({ proposal, changes }));
  }

  #state(): MissionState {
    return this.#deps.mission.replica.view().state;
  }
}
