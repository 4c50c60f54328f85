import type { ChildState } from '../state/child-state.ts';
import { childTree } from '../state/child-tree.ts';
import type { MissionState } from '../state/mission-state.ts';
import { missionTree } from '../state/mission-tree.ts';
import type { Node } from '../pack/node.ts';
import type { SwarmState } from '../state/swarm-state.ts';

/** A state together with the mission that it is intersected with (M4). */
export interface View<S extends SwarmState> {
  readonly state: S;
  /** In the mission swarm the state itself. */
  readonly mission: MissionState;
}

/** T(state) of the mission. */
export function treeOfMission({ state }: View<MissionState>): Node {
  return missionTree(state);
}

const trees = new WeakMap<ChildState, WeakMap<MissionState, Node>>();

/** T(state) of a conversation; made once a state, since content commits leave it as it is. */
export function treeOfChild({ state, mission }: View<ChildState>): Node {
  const inner = trees.get(state) ?? new WeakMap<MissionState, Node>();
  trees.set(state, inner);
  const known = inner.get(mission);
  if (known !== undefined) return known;
  const made = childTree(state, mission);
  inner.set(mission, made);
  return made;
}
