import type { Graph } from '../state/graph.ts';
import type { Op } from '../state/op.ts';
import { equivocations } from '../state/resolve/equivocations.ts';
import { resolve } from '../state/resolve/resolve.ts';
import type { Setting } from '../state/resolve/setting.ts';
import type { SwarmState } from '../state/swarm-state.ts';

/** States kept at once (L10): enough for every branch in use; the rest can be computed again. */
const mostStates = 64;

/** A set of commits by what its state depends on. */
export interface Known {
  /** Its maximal significant commits. */
  frontier: readonly Op[];
  /** Branches of devices that contradicted themselves in it. */
  forks: ReadonlyMap<number, readonly Op[]>;
}

/**
 * States by control frontier (L10): however many content commits a set has, its state is
 * computed once. A child's state also depends on the mission's removals and on the party of each
 * person, hence `world`.
 */
export class States<S extends SwarmState> {
  readonly #graph: Graph;
  readonly #held = new Map<string, S>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** State of a set, resolved in this setting if it is not at hand. */
  of(setting: Setting<S>, set: Known, world: string): S {
    const key = keyOf(set, world);
    const held = this.#held.get(key);
    if (held !== undefined) {
      this.#keep(key, held);
      return held;
    }
    return this.#keep(key, this.compute(setting, set));
  }

  /** Resolves a set without keeping the state: for candidates, which are in no graph yet. */
  compute(setting: Setting<S>, set: Known): S {
    return resolve(setting, { ops: this.#graph.closure(set.frontier), forks: set.forks });
  }

  /** Puts in a state that was computed step by step. */
  keep(set: Known, world: string, state: S): void {
    this.#keep(keyOf(set, world), state);
  }

  #keep(key: string, state: S): S {
    this.#held.delete(key);
    this.#held.set(key, state);
    if (this.#held.size > mostStates) this.#held.delete(this.#held.keys().next().value as string);
    return state;
  }
}

function keyOf({ forks, frontier }: Known, world: string): string {
  const places = frontier.map(({ index }) => index).sort((a, b) => a - b);
  const doubts = [...equivocations(forks)].map(([device, from]) => `${device}:${from}`).sort();
  return `${places.join()}|${doubts.join()}|${world}`;
}
