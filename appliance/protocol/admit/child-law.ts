import { isSealedLength } from '../crypto/seal.ts';
import { accepted, refused } from '../verdict.ts';
import { childChamber } from '../state/child-chamber.ts';
import { childSetting } from '../state/child-setting.ts';
import { isInside, statusOf, type ChildState } from '../state/child-state.ts';
import { guestKinds, isGuest } from '../state/guests.ts';
import { isUsable } from '../state/holders.ts';
import { afterClose, childKinds } from '../state/kinds/table.ts';
import { isDeviceEffective } from '../state/mission-state.ts';
import { subject, unlifted } from '../state/removal.ts';
import type { Law } from './law.ts';
import { treeOfChild } from './view.ts';

/** Kinds by which a conversation grows; a frozen one may not (V7). */
const growing: ReadonlySet<string> = new Set(['add']);

/** A conversation under a mission. */
export const childLaw: Law<ChildState> = {
  kinds: childKinds,
  chamber: childChamber,
  setting: (graph, above) => {
    if (above === undefined) throw new Error('a conversation needs its mission');
    return childSetting(graph, above);
  },
  missionOf: (_state, above) => {
    if (above === undefined) throw new Error('a conversation needs its mission');
    return above.state;
  },
  tree: treeOfChild,

  permit({ op, state, mission }) {
    const { k } = op.envelope;
    const { device, member } = op.author;
    const isClosed = state.closed.length > 0 || mission.closed.length > 0;
    if (isClosed && !afterClose.has(k)) return refused('R15', 'the conversation is closed');
    if (state.isFrozen && growing.has(k)) return refused('V7', 'the conversation is frozen');
    if (!isDeviceEffective(mission, device))
      return refused('R17', 'the mission removed the author');
    if (unlifted(state.removals, subject('device', device)).length > 0) {
      return refused('R17', 'the device is banned here');
    }
    if (isGuest(mission, member) && !guestKinds.has(k))
      return refused('M12', 'a guest only writes messages');
    if (k === 'join') return accepted;
    return isInside(statusOf(state, mission, member))
      ? accepted
      : refused('R17', 'the author is not in the conversation');
  },

  checkContent({ op, state, mission }, sealed) {
    if (sealed === undefined || !isSealedLength(sealed.length)) {
      return refused('R33', 'the sealed body has no size of the list');
    }
    if (state.genesis.post === 'admin' && statusOf(state, mission, op.author.member) !== 'admin') {
      return refused('R33', 'only admins write here');
    }
    const epoch = state.epochs.get(op.envelope.e ?? '');
    if (epoch === undefined || !isUsable(state, mission, epoch.id)) {
      return refused('K4', 'the epoch is unknown or somebody removed can read it');
    }
    return epoch.generation >= (op.previous?.generation ?? 0)
      ? accepted
      : refused('K12', "the epoch is older than the device's own last");
  },

  votesByGrant: ({ op, state, mission }) => statusOf(state, mission, op.author.member) === 'admin',

  generation: (state, epoch) => state.epochs.get(epoch ?? '')?.generation ?? 0,
};
