import { isInside, statusOf, type ChildState, type Person } from './child-state.ts';
import { isGuest } from './guests.ts';
import type { Scene } from './kind.ts';
import { isMemberEffective } from './mission-state.ts';
import type { Op } from './op.ts';

/** R29: what those left can decide when no admin is. */
export const leaderlessActions: ReadonlySet<string> = new Set(['promote', 'close']);

/**
 * R29, V14: who votes in a conversation without any admin: people inside whose invitation an
 * admin still knew of. Whom others let in afterwards would be puppets of the one who is quick.
 */
export function leftBehind(scene: Scene<ChildState>): readonly Person[] {
  const { mission, state } = scene;
  return [...state.people.values()].filter(
    (person) =>
      isMemberEffective(mission, person.member) &&
      !isGuest(mission, person.member) &&
      isInside(statusOf(state, mission, person.member)) &&
      (state.genesis.founders.includes(person.member) || wasKnown(scene, person)),
  );
}

function wasKnown({ graph, mission, op, state }: Scene<ChildState>, { added }: Person): boolean {
  const admins = [...state.people.values()].filter(({ wasAdmin }) => wasAdmin);
  return admins.some((admin) => {
    const demotion = admin.demotions.find(({ isLifted }) => !isLifted)?.by ?? '';
    const until = graph.get(demotion) ?? op;
    const devices = [...mission.devices].filter(([, { member }]) => member === admin.member);
    return devices.some(([device]) => {
      const last = graph.tip(until, graph.deviceNumber(device));
      return added.some((sid) => knew(graph, last, graph.get(sid)));
    });
  });
}

function knew(
  graph: Scene<ChildState>['graph'],
  last: Op | undefined,
  add: Op | undefined,
): boolean {
  if (last === undefined || add === undefined) return false;
  return last === add || graph.saw(last, add);
}
