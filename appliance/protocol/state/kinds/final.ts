import { ascending } from '../../codec/envelope.ts';
import { isFingerprint } from '../../codec/fingerprint.ts';
import { b64u, fields, integer, list, tuple } from '../../codec/shape.ts';
import { accepted, refused } from '../../verdict.ts';
import type { Final } from '../end.ts';
import { kind } from '../kind.ts';
import { leadsOf, type MissionState } from '../mission-state.ts';

interface FinalX {
  n?: string;
  q: [cid: string, q: number][];
  up?: string[];
}

/** Conversations and devices that one `final` names; bounds a file of the tree (L1). */
const mostNamed = 256;

/** A device says where its chains end: no more comes from it (T3). */
export const final = kind<MissionState, FinalX>({
  shape: fields(
    { q: list(tuple(isFingerprint, integer(0, Number.MAX_SAFE_INTEGER)), 0, mostNamed) },
    { n: b64u(64), up: list(isFingerprint, 1, mostNamed) },
  ),

  check({ op, state }, { n, q, up }) {
    if (state.closed.length === 0) return refused('V13', 'the mission is not closed');
    if (!ascending(q.map(([cid]) => cid))) return refused('R5', 'the conversations are not sorted');
    if (up !== undefined && !ascending(up)) return refused('R5', 'the devices are not sorted');
    const { member, party } = op.author;
    const isLead = leadsOf(state, party).includes(member);
    if (!isLead && n !== undefined) return refused('T5', 'only a lead commits to a nonce');
    if (!isLead && up !== undefined) return refused('T3', 'only a lead gives devices up');
    const isOwn = (device: string) =>
      state.members.get(state.devices.get(device)?.member ?? '')?.party === party;
    const isTheirs = up?.some((device) => !isOwn(device)) ?? false;
    return isTheirs ? refused('T3', 'a device of another party is given up') : accepted;
  },

  apply(state, { op, saw }, { n, q, up = [] }) {
    if (!state.closed.some(saw)) return state;
    const { device, party } = op.author;
    const made: Final = { by: op.sid, party, ...(n !== undefined && { n }), q, up };
    const finals = new Map(state.end.finals).set(device, made);
    return { ...state, end: { ...state.end, finals } };
  },
});
