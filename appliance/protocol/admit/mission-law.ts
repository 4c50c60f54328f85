import { accepted, refused } from '../verdict.ts';
import { hasVoice, isAboutReopening } from '../state/actions/reopen.ts';
import { afterClose, missionKinds } from '../state/kinds/table.ts';
import { missionChamber } from '../state/mission-chamber.ts';
import { missionSetting } from '../state/mission-setting.ts';
import {
  isDeviceEffective,
  isFounded,
  isMemberEffective,
  isPartyEffective,
  type MissionState,
} from '../state/mission-state.ts';
import type { ResolveX } from '../state/kinds/resolve.ts';
import type { Op } from '../state/op.ts';
import type { Law } from './law.ts';
import { treeOfMission } from './view.ts';

/** Kinds by which a mission grows; a mission of one party may not (V7b). */
const growing: ReadonlySet<string> = new Set(['admit', 'invite', 'join', 'leads']);

/** The mission swarm: control only (M1). */
export const missionLaw: Law<MissionState> = {
  kinds: missionKinds,
  chamber: missionChamber,
  setting: (graph) => missionSetting(graph),
  missionOf: (state) => state,
  tree: treeOfMission,

  permit(scene, introducesItself) {
    const { op, state } = scene;
    const { k } = op.envelope;
    const { device, member } = op.author;
    if (!isFounded(state) && k !== 'found' && k !== 'merge') {
      return refused('F4', 'not all parties have founded');
    }
    if (state.closed.length > 0 && !afterClose.has(k))
      return refused('R15', 'the mission is closed');
    if (isFrozen(state) && (growing.has(k) || isOtherThanClose(op)))
      return refused('V7', 'the mission is frozen');
    if (k === 'join')
      return isPartyEffective(state, op.author.party)
        ? accepted
        : refused('R17', 'the party is removed');
    if (introducesItself) {
      return isMemberEffective(state, member) ? accepted : refused('R17', 'the member is removed');
    }
    return isDeviceEffective(state, device) || hasVoice(scene)
      ? accepted
      : refused('R17', 'the device, its member or its party is removed');
  },

  checkContent: () => refused('M1', 'the mission swarm holds control commits only'),
  // Leads are named by the party's key, without a vote.
  votesByGrant: () => false,
  generation: () => 0,
};

/** Of a frozen mission nothing is decided but its end, or that it goes on. */
function isOtherThanClose({ envelope, x }: Op): boolean {
  return envelope.k === 'resolve' && (x as ResolveX).a !== 'close' && !isAboutReopening(x);
}

/** V7 and V7b: by removals that exclude each other, or because fewer than two parties are left. */
function isFrozen(state: MissionState): boolean {
  if (state.isFrozen) return true;
  return [...state.parties.keys()].filter((party) => isPartyEffective(state, party)).length < 2;
}
