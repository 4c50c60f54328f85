import { deviceFingerprint, memberFingerprint } from '../../codec/fingerprint.ts';
import { subjectKey } from '../../identity/certificate.ts';
import { revealedParty } from '../../mission/founding.ts';
import type { GenesisArguments } from '../../mission/genesis.ts';
import { noEnd } from '../end.ts';
import { withDevice, withMember } from '../enrolment.ts';
import type { MissionState, Party } from '../mission-state.ts';
import { nothingYet } from '../swarm-state.ts';

/** Every founding party with its lead and the lead's device (F3, F4). */
export function missionGenesisState(x: GenesisArguments): MissionState {
  let state: MissionState = {
    ...nothingYet,
    genesis: x,
    parties: new Map(),
    members: new Map(),
    devices: new Map(),
    tickets: new Map(),
    boxes: new Map(),
    chosenBoxes: new Map(),
    rules: new Map(),
    updates: [],
    pendingClaims: [],
    end: noEnd,
  };
  for (const reveal of x.r) {
    const { d, m, p, slot } = reveal;
    const lead = memberFingerprint(subjectKey(m.c));
    const party: Party = {
      certificate: p,
      slot,
      device: deviceFingerprint(subjectKey(d.c)),
      hasFound: false,
      leads: { n: 0, members: [lead], by: [], isSuspended: false },
    };
    const parties = new Map(state.parties).set(revealedParty(reveal), party);
    state = withDevice(withMember({ ...state, parties }, m), d);
  }
  return state;
}
