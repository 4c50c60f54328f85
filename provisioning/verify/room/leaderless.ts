import type { Op } from '../graph/op.ts';
import type { Resolution } from '../resolve/resolution.ts';
import type { Electorate } from '../votes/threshold.ts';
import type { Person, RoomState } from './state.ts';

type View = Resolution<RoomState>;

/** R29, V14: whether nobody inside is an admin; founders who never joined do not count. */
export function isLeaderless({ state }: View): boolean {
  return [...state.people.values()].every(({ status }) => status !== 'admin');
}

/** Those who vote then: members whose invitation the last commit of some admin knew (V14). */
export function leaderlessElectorate(view: View, isByParty: boolean): Electorate {
  const vouching = lastOfAdmins(view);
  const units = new Map<string, string[]>();
  for (const person of view.state.people.values()) {
    if (person.status !== 'member' || !isKnown(view, person, vouching)) continue;
    const unit = isByParty ? person.party : person.mfp;
    units.set(unit, [...(units.get(unit) ?? []), person.mfp]);
  }
  return units;
}

/** The newest commits that admins wrote as admins. */
function lastOfAdmins(view: View): Op[] {
  const byAdmins = view.ops.filter((op) => {
    const member = view.authorOf(op)?.member ?? '';
    if (op.k === 'genesis') return true;
    const before = view.swarm.before(op).state.people.get(member);
    return before?.status === 'admin' && view.reason(op) === undefined;
  });
  return view.swarm.graph.maximal(byAdmins);
}

function isKnown(view: View, { adds, isFounder }: Person, vouching: readonly Op[]): boolean {
  const { graph } = view.swarm;
  if (isFounder) return true;
  return adds.some((add) => vouching.some((op) => op === add || graph.isBefore(add, op)));
}
