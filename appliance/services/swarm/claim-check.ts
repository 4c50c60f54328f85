import { H32 } from '#protocol/codec/hash.ts';
import { deviceFingerprint } from '#protocol/codec/fingerprint.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { subjectKey } from '#protocol/identity/certificate.ts';
import { claimId, verifyClaim, type Claim, type SignedClaim } from '#protocol/identity/claim.ts';
import { verifyAnswer, type ClaimAnswer } from '#protocol/identity/claim-answer.ts';
import type { Engine } from '#protocol/ports.ts';
import { isPartyEffective, type MissionState, type Ticket } from '#protocol/state/mission-state.ts';
import { refused, type Verdict } from '#protocol/verdict.ts';
import type { CheckedClaim } from './claims.ts';
import type { Outcome } from './errors.ts';
import type { States } from './membership.ts';

/**
 * Judges posted claims: a live ticket of an effective party, then the proofs (J2–J4). A ticket is
 * dead when revoked or when as many people as it is good for have been let in; never by time (J7).
 */
export function claimCheck(
  engine: Engine,
  boxKey: Uint8Array,
  states: States,
): (signed: SignedClaim) => Promise<CheckedClaim | Exclude<Outcome, undefined>> {
  const boxKeyHash = toB64u(H32('box-key', boxKey));
  return async (signed) => {
    const { claim } = signed;
    const state = states.mission()?.state;
    const ticket = state?.tickets.get(claim.t);
    if (!state || !ticket || !isLive(state, ticket)) return { code: 'SWARM_TICKET_DEAD' };
    const terms = ticket.certificate.c;
    const verdict = await verifyClaim(engine, signed, terms, boxKeyHash);
    if (!verdict.ok) return { code: 'SWARM_CLAIM_REFUSED', detail: { rule: verdict.rule } };
    return {
      id: claimId(claim),
      serial: claim.t,
      party: terms.p,
      uses: terms.n,
      device: deviceFingerprint(subjectKey(claim.d.c)),
    };
  };
}

/** Judges answers as the claimant will (J4), and that the caller's own device gave them. */
export function answerCheck(
  engine: Engine,
): (claim: Claim, answer: ClaimAnswer, device: string) => Promise<Verdict> {
  return async (claim, answer, device) => {
    const { d } = answer.by;
    return deviceFingerprint(subjectKey(d.c)) === device
      ? verifyAnswer(engine, claim, answer)
      : refused('J4', 'another device answers');
  };
}

function isLive(state: MissionState, { certificate, admitted, isRevoked }: Ticket): boolean {
  return (
    isPartyEffective(state, certificate.c.p) && !isRevoked && admitted.length < certificate.c.n
  );
}
