import { isGenesisArguments } from '../mission/genesis.ts';
import { missionChamber } from './mission-chamber.ts';
import type { Graph } from './graph.ts';
import { missionGenesisState } from './kinds/mission-genesis.ts';
import { missionKinds } from './kinds/table.ts';
import type { MissionState } from './mission-state.ts';
import type { Op } from './op.ts';
import { pendingClaims } from './resolve/claims.ts';
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
    prepare: (state, ops, isVoid) => ({
      ...state,
      pendingClaims: pendingClaims(graph, state, ops, isVoid),
    }),
    // Leads are named by the party's key, without a vote, so only the certificates are a standing.
    hasStanding,
    needsAdmin: () => false,
    demotionsOf: () => new Map(),
    founders: (state) => new Set(state.parties.keys()),
  };
}

/** C5: the certificates are there, and whoever joined by a ticket is no more in doubt (J6). */
function hasStanding(state: MissionState, { author, envelope, x }: Op): boolean {
  const said = x as { d?: unknown; t?: unknown } | undefined;
  if (envelope.k === 'join') return state.tickets.has(said?.t as string);
  const held = state.members.get(author.member);
  if (held === undefined || held.isPending) return false;
  return state.devices.has(author.device) || typeof said?.d === 'object';
}
