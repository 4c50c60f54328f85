import { utf8 } from '../../codec/bytes.ts';
import { encode } from '../../codec/canonical-json.ts';
import { ascending } from '../../codec/envelope.ts';
import { isSid } from '../../codec/fingerprint.ts';
import { H } from '../../codec/hash.ts';
import { fields, list } from '../../codec/shape.ts';
import { toB32 } from '../../codec/text-form.ts';
import { revealedParty } from '../../mission/founding.ts';
import { accepted, refused } from '../../verdict.ts';
import type { Scene } from '../kind.ts';
import { isMemberEffective, isPartyEffective, type MissionState } from '../mission-state.ts';
import { subject, unlifted, type Removal } from '../removal.ts';
import type { Motion } from '../swarm-state.ts';
import type { Action } from './action.ts';

/** What becomes of each removal that froze the mission: resolutions by sid, sorted. */
export interface Reopening {
  keep: string[];
  lift: string[];
}

/** Removals that one reopening speaks of; bounds one commit's work. */
const mostRemovals = 64;
const sids = list(isSid, 0, mostRemovals);

/** Form of a reopening. */
export const isReopening = fields({ keep: sids, lift: sids });

/** Target of the vote about a reopening: its hash, 32 bytes in b32. */
export function reopeningId({ keep, lift }: Reopening): string {
  return toB32(H('reopen', utf8(encode({ keep, lift }))).subarray(0, 32));
}

/** Whether a ballot or resolution is about reopening, for which others have a voice. */
export function isAboutReopening(x: unknown): boolean {
  return (x as Partial<Motion> | undefined)?.a === 'reopen';
}

/**
 * Ends a freeze (V7, V7b): says of each conflicting removal whether it is kept or lifted. Those
 * whom the removals are about have a voice like the others, as they were in the electorate.
 */
export const reopen: Action = {
  applies({ state }, { c, reopen: said, u }) {
    if (said === undefined) return refused('R5', 'what is kept and lifted is missing');
    if (c !== 'swarm' || u !== reopeningId(said)) return refused('R25', 'the hash of another');
    const conflicts = removalsInDispute(state);
    if (conflicts.length === 0) return refused('R25', 'there is nothing to reopen');
    if (!ascending(said.keep) || !ascending(said.lift)) return refused('R5', 'not sorted');
    const named = [...said.keep, ...said.lift].sort();
    const isWhole =
      named.length === conflicts.length && named.every((sid, i) => sid === conflicts[i]);
    return isWhole ? accepted : refused('V7', 'not about each of the conflicting removals');
  },

  suffices: (scene, voted) =>
    electorates(scene).every(
      (units) => 2 * units.filter((unit) => voted.has(unit)).length > units.length,
    ),

  carry(state, { op }, { reopen: said }) {
    const lifted = (held: Removal): Removal =>
      said?.lift.includes(held.by) ? { ...held, lifts: [...held.lifts, op.sid] } : held;
    const removals = new Map([...state.removals].map(([key, held]) => [key, held.map(lifted)]));
    return { ...state, removals };
  },
};

/** Removals that exclude each other; if one party alone is left, every ban of a party (V7b). Sorted. */
export function removalsInDispute(state: MissionState): readonly string[] {
  if (state.conflicts.length > 0) return state.conflicts;
  const parties = [...state.parties.keys()];
  if (parties.filter((party) => isPartyEffective(state, party)).length > 1) return [];
  return parties
    .flatMap((party) => unlifted(state.removals, subject('party', party)))
    .flatMap(({ by, kind }) => (kind === 'ban' ? [by] : []))
    .sort();
}

/** The electorates of which each must agree: E₀ of every conflicting removal, or the founders. */
function electorates({ graph, state }: Scene<MissionState>): readonly (readonly string[])[] {
  if (state.conflicts.length === 0) return [state.genesis.r.map((reveal) => revealedParty(reveal))];
  return state.conflicts.map((sid) => graph.get(sid)?.tally?.electorate ?? []);
}

/** Parties with a voice in a reopening, sorted. */
export function electorsOf(scene: Scene<MissionState>): readonly string[] {
  return [...new Set(electorates(scene).flat())].sort();
}

/** Who speaks for a party even if it is removed: its leads, unless they themselves are. */
export function speakersOf(state: MissionState, party: string): readonly string[] {
  const held = state.parties.get(party);
  if (held === undefined || held.leads.isSuspended) return [];
  const removals = new Map([...state.removals].filter(([key]) => key !== subject('party', party)));
  return held.leads.members.filter(
    (member) =>
      state.members.get(member)?.party === party &&
      isMemberEffective({ ...state, removals }, member),
  );
}

/** Whether somebody of a removed party may write this: a voice in a reopening, from a good device. */
export function hasVoice(scene: Scene<MissionState>): boolean {
  const { op, state } = scene;
  const { k } = op.envelope;
  if ((k !== 'vote' && k !== 'resolve') || !isAboutReopening(op.x)) return false;
  if (unlifted(state.removals, subject('device', op.author.device)).length > 0) return false;
  const { member, party } = op.author;
  return electorsOf(scene).includes(party) && speakersOf(state, party).includes(member);
}
