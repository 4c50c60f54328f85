import { encode, fields, sortedListOf, type Json } from '../bytes/canonical-json.ts';
import { H } from '../bytes/hash.ts';
import { b32, hash64 } from '../bytes/text-form.ts';
import { must } from '../refusal.ts';
import type { Resolution } from '../resolve/resolution.ts';
import type { Electorate } from '../votes/threshold.ts';
import { unitsOf, type MissionState } from './state.ts';

type View = Resolution<MissionState>;

/** What a reopening must speak of: conflicting removals (V7), else every ban of a party (V7b). */
export function inDispute(view: View): string[] {
  const bans = view.removals.filter(
    ({ lifts, sort, subject }) => sort === 'ban' && subject.c === 'party' && lifts.length === 0,
  );
  const removals = view.conflicts.length > 0 ? view.conflicts : bans;
  return removals.map(({ op }) => op.sid).sort();
}

/** Form of a reopening, that its name follows from it, and that it speaks of all that it must. */
export function checkReopening(view: View, value: Json | undefined, u: string): void {
  must(view.state.isFrozen, 'R25', 'the mission is not frozen');
  const said = fields(value, ['keep', 'lift']);
  const [keep, lift] = [sortedListOf(said['keep'], hash64), sortedListOf(said['lift'], hash64)];
  const name = b32(H('reopen', encode(said)).subarray(0, 32));
  must(u === name, 'R25', 'the motion names another reopening');
  const all = [...keep, ...lift].sort();
  must(
    all.join() === inDispute(view).join(),
    'V7',
    'it speaks of other removals than those in dispute',
  );
}

/** The electorates that must each carry a reopening, removed parties included. */
export function reopeningElectorates(view: View): Electorate[] {
  const voices = (units: Iterable<string>): Electorate =>
    new Map([...units].map((unit) => [unit, voicesOf(view.state, unit)]));
  if (view.conflicts.length === 0) {
    return [voices(view.state.founding.founders.map(({ party }) => party.pfp))];
  }
  return view.conflicts.map(({ op }) => voices(unitsOf(view.swarm.before(op).state)));
}

/** A party's leads although it may be removed; not if it withdrew. */
export function voicesOf(state: MissionState, pfp: string): string[] {
  const leads = state.leads.get(pfp);
  if (leads === undefined || leads.isSuspended || state.parties.get(pfp)?.hasWithdrawn) return [];
  return leads.m.filter((mfp) => {
    const member = state.members.get(mfp);
    if (member === undefined || member.party !== pfp || member.claimed.length > 1) return false;
    return !member.hasLeft && !member.isBanned && !member.isPending;
  });
}

/** Whether a device may speak for its party about a reopening. */
export function hasVoice(state: MissionState, dfp: string): boolean {
  const device = state.devices.get(dfp);
  const party = state.members.get(device?.member ?? '')?.party ?? '';
  if (device === undefined || device.isRevoked || device.isBanned) return false;
  return voicesOf(state, party).includes(device.member);
}
