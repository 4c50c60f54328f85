import type { Op } from '../state/op.ts';
import type { SwarmState } from '../state/swarm-state.ts';
import type { Swarm } from './swarm.ts';

/** A decision that is not final yet. */
interface Awaited {
  /** The electorate after it. */
  units: ReadonlySet<string>;
  /** Those of them that wrote above it. */
  heard: Set<string>;
}

/**
 * Which decisions this replica holds to be final (§9.7, third layer): more than half of the
 * electorate after one has written above it. Not part of validity: it stops a former majority
 * that kept silent since from forging a past in which nothing of this was decided.
 */
export class Finality<S extends SwarmState> {
  readonly #swarm: Swarm<S>;
  readonly #awaited = new Map<Op, Awaited>();
  readonly #final = new Set<string>();

  constructor(swarm: Swarm<S>) {
    this.#swarm = swarm;
  }

  /** Whether the decision is final here. */
  has(sid: string): boolean {
    return this.#final.has(sid);
  }

  /** Takes note of an admitted commit. Who knew that the decision had fallen does not confirm it. */
  note(op: Op): void {
    for (const [decision, { heard, units }] of this.#awaited) {
      const said = [op.author.member, op.author.party].filter(
        (unit) => units.has(unit) && !heard.has(unit),
      );
      if (said.length === 0 || !this.#swarm.graph.saw(op, decision)) continue;
      const { fallen } = this.#swarm.viewOf([op], op.mission).state;
      if (!fallen.includes(decision.sid)) for (const unit of said) heard.add(unit);
    }
    if (op.envelope.k !== 'resolve') return;
    const after = this.#swarm.viewOf([op], op.mission);
    const units = this.#swarm.law.chamber.units(this.#swarm.scene('', op, after));
    this.#awaited.set(op, { units: new Set(units), heard: new Set() });
  }

  /** Ends a batch: what came together is judged together, in whatever order it stood there. */
  settle(): void {
    for (const [decision, { heard, units }] of this.#awaited) {
      if (2 * heard.size <= units.size) continue;
      this.#awaited.delete(decision);
      this.#final.add(decision.sid);
    }
  }

  /** Whether a commit that is in the graph would, beside these heads, undo what is final. */
  isBrokenBy(op: Op, heads: readonly Op[], missionHeads: readonly Op[]): boolean {
    const { graph } = this.#swarm;
    if (this.#final.size === 0) return false;
    // Only resolutions that contradict, and devices that contradict themselves, undo a decision.
    const isForked = op.forks.size > 0 || graph.isForked(op.envelope.d);
    if (op.envelope.k !== 'resolve' && !isForked) return false;
    const before = this.#swarm.viewOf(heads, missionHeads).state.fallen;
    const after = this.#swarm.viewOf(graph.maximal([...heads, op]), missionHeads).state.fallen;
    return after.some((sid) => this.#final.has(sid) && !before.includes(sid));
  }
}
