import { isGenesisArguments } from '../mission/genesis.ts';
import { missionChamber } from './mission-chamber.ts';
import type { Graph } from './graph.ts';
import { missionGenesisState } from './kinds/mission-genesis.ts';
import { missionKinds } from './kinds/table.ts';
import type { MissionState } from './mission-state.ts';
import type { Setting } from './resolve/setting.ts';

/** Resolve in the mission swarm. */
export function missionSetting(graph: Graph): Setting<MissionState> {
  return {
    graph,
    kinds: missionKinds,
    chamber: missionChamber,
    above: undefined,
    begin: ({ op }) => {
      if (!isGenesisArguments(op.x)) throw new Error('a genesis is checked before it is resolved');
      return missionGenesisState(op.x);
    },
    // Leads are named by the party's key, without a vote, so only the certificates are a standing.
    hasStanding: (state, op) => state.devices.has(op.author.device) || introducesItself(state, op),
    needsAdmin: () => false,
    demotionsOf: () => new Map(),
    founders: (state) => new Set(state.parties.keys()),
  };
}

function introducesItself(
  state: MissionState,
  op: { author: { member: string }; x: unknown },
): boolean {
  const x = op.x as { d?: unknown } | undefined;
  return typeof x?.d === 'object' && state.members.has(op.author.member);
}
