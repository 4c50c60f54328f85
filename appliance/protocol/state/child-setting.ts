import { childChamber } from './child-chamber.ts';
import type { ChildGenesis, ChildState } from './child-state.ts';
import type { Graph } from './graph.ts';
import { applyChildGenesis } from './kinds/child-genesis.ts';
import { childKinds, needsAdmin } from './kinds/table.ts';
import type { Op } from './op.ts';
import { isByKey } from './resolve/excluded.ts';
import type { Above, Setting } from './resolve/setting.ts';

/** Resolve in a conversation, under the mission as known with the set (M5). */
export function childSetting(graph: Graph, above: Above): Setting<ChildState> {
  return {
    graph,
    kinds: childKinds,
    chamber: childChamber,
    above,
    begin: (act) => applyChildGenesis(act, act.op.x as ChildGenesis),
    hasStanding: (state, op) =>
      !above.state.members.get(op.author.member)?.isPending && hasStanding(state, op),
    needsAdmin: (state, op) => needsAdmin(op.envelope.k, state.genesis),
    demotionsOf: ({ people }) =>
      new Map(
        [...people].map(([member, { demotions }]) => [member, demotions.map(({ by }) => by)]),
      ),
    founders: ({ genesis, people }) =>
      new Set(
        genesis.founders.map((member) =>
          genesis.unit === 'member' ? member : (people.get(member)?.party ?? ''),
        ),
      ),
  };
}

/** C5: the grants that the author's place rests on stand: an invitation, a join, a promotion. */
function hasStanding({ genesis, people }: ChildState, op: Op): boolean {
  const { author, envelope } = op;
  if (isByKey(op)) return true;
  const person = people.get(author.member);
  if (person === undefined) return false;
  if (envelope.k === 'join') return true;
  if (!person.hasJoined || person.wasAdmin) return person.hasJoined;
  // Members vote when no admin is left (R29); then the ballot rests on no promotion.
  if (envelope.k === 'vote') return op.isByGrant !== true;
  return !needsAdmin(envelope.k, genesis);
}
