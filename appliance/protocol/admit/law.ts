import type { Node } from '../pack/node.ts';
import type { Verdict } from '../verdict.ts';
import type { Chamber } from '../state/chamber.ts';
import type { Graph } from '../state/graph.ts';
import type { Scene } from '../state/kind.ts';
import type { Kinds } from '../state/kinds/table.ts';
import type { MissionState } from '../state/mission-state.ts';
import type { Author } from '../state/op.ts';
import type { Above, Setting } from '../state/resolve/setting.ts';
import type { SwarmState } from '../state/swarm-state.ts';
import type { View } from './view.ts';

/** What differs between the mission swarm and a conversation, as far as checking goes. */
export interface Law<S extends SwarmState> {
  readonly kinds: Kinds<S>;
  readonly chamber: Chamber<S>;
  setting(graph: Graph, above: Above | undefined): Setting<S>;
  /** The mission a state is intersected with: given from above, or the state itself. */
  missionOf(state: S, above: Above | undefined): MissionState;
  tree(view: View<S>): Node;
  /** R15, R17: whether the author may write this kind now, whatever it says. */
  permit(scene: Scene<S>, introducesItself: boolean): Verdict;
  /** R33 and K4 for content. */
  checkContent(scene: Scene<S>, sealed: Uint8Array | undefined): Verdict;
  /** Whether a ballot rests on its author being an admin; without one, members vote too (R29). */
  votesByGrant(scene: Scene<S>): boolean;
  /** Generation of the epoch that a commit is sealed under, if it is. */
  generation(state: S, epoch: string | undefined): number;
}

/** The author of a commit by a device that the mission knows (R16). */
export function authorOf(mission: MissionState, device: string): Author | undefined {
  const member = mission.devices.get(device)?.member;
  const party = member === undefined ? undefined : mission.members.get(member)?.party;
  return member === undefined || party === undefined ? undefined : { device, member, party };
}
