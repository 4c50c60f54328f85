import type { ErasureClaim } from '#protocol/export/erasure.ts';
import { excusedUnits, isAbout, isReadyForWipe, requiredUnits } from '#protocol/state/end.ts';
import type { MissionState } from '#protocol/state/mission-state.ts';
import type { Op } from '#protocol/state/op.ts';
import type { LocalSwarm } from '../local-swarm.ts';

/**
 * Whether a wipe rests on receipts (T7), as this device sees it: those that the claim names are
 * there, of everybody who is waited for, and nobody is called excused who is not.
 */
export function isEarned(mission: LocalSwarm<MissionState>, claim: ErasureClaim): boolean {
  const state = takenState(mission);
  const { receipts } = state.end;
  const held = claim.receipts.map((sid) => receipts.get(sid));
  const excused = excusedUnits(state);
  return (
    held.every((receipt) => receipt !== undefined && isAbout(receipt, claim)) &&
    requiredUnits(state).every((unit) => held.some((receipt) => receipt?.party === unit)) &&
    claim.excused.every((party) => excused.includes(party)) &&
    isReadyForWipe(state, claim)
  );
}

/** The mission as the box had it: what waits here, such as a dispute that came too late, it never took. */
function takenState({ outbox, replica }: LocalSwarm<MissionState>): MissionState {
  const tips = new Set<Op>();
  const waiting = [...replica.heads];
  for (let op = waiting.pop(); op; op = waiting.pop()) {
    if (outbox.isPending(op.sid)) waiting.push(...op.parents);
    else tips.add(op);
  }
  return replica.swarm.viewOf([...tips], []).state;
}
