import type { Graph } from '../graph/graph.ts';
import type { Op } from '../graph/op.ts';
import { known, nothing, union } from '../graph/seen.ts';
import type { Known, Law } from './law.ts';
import type { Author } from './removal.ts';
import { Resolution } from './resolution.ts';

/** One swarm with its law: the resolutions of its sets, each made once. */
export class Swarm<S> {
  readonly graph: Graph;
  readonly law: Law<S>;
  /** Commits that can change a state, in the order they were placed. */
  readonly significant: Op[] = [];
  /** M5, M6: whether a removal in the mission hides a commit. Only conversations have it. */
  readonly hiddenFromAbove: ((view: Resolution<S>, op: Op, author: Author) => boolean) | undefined;
  readonly isGoneAbove: ((known: Known, author: Author) => boolean) | undefined;
  readonly #keyOfAbove: (above: Known['above']) => string;
  readonly #cache = new Map<string, Resolution<S>>();

  constructor(
    graph: Graph,
    law: Law<S>,
    fromAbove?: {
      isGone: (known: Known, author: Author) => boolean;
      hides: (view: Resolution<S>, op: Op, author: Author) => boolean;
      key: (above: Known['above']) => string;
    },
  ) {
    this.graph = graph;
    this.law = law;
    this.hiddenFromAbove = fromAbove?.hides;
    this.isGoneAbove = fromAbove?.isGone;
    this.#keyOfAbove = fromAbove?.key ?? (() => '');
  }

  /** Takes a commit in, once it is placed. */
  take(op: Op): void {
    const isNews = op.previous === undefined || op.previous.above !== op.above;
    if (op.k !== 'msg' || op.isTwin || isNews || this.#knowsNewcomer(op)) this.significant.push(op);
  }

  /** Whether a device shows first that it knows of somebody let in, which may give a vote (V14). */
  #knowsNewcomer({ past, previous }: Op): boolean {
    return this.significant.some((add) => {
      const isAdd = add.k === 'add' || (add.k === 'join' && add.x['s'] !== undefined);
      if (!isAdd || !this.graph.has(past, add)) return false;
      return previous === undefined || !this.graph.has(previous.past, add);
    });
  }

  /** Takes the last commit back, because its tree is not the one that follows. */
  drop(op: Op): void {
    if (this.significant.at(-1) === op) this.significant.pop();
  }

  /** Resolve of a set. */
  resolve(known: Known): Resolution<S> {
    const key = `${this.#frontier(known)}|${this.#keyOfAbove(known.above)}`;
    const made = this.#cache.get(key) ?? new Resolution(this, known);
    this.#cache.set(key, made);
    return made;
  }

  /** St(past(c)), seen with what c knows of the mission (M4). */
  before(op: Op): Resolution<S> {
    return this.resolve({ seen: op.past, above: op.above });
  }

  /** St(past(c) ∪ {c}). */
  after(op: Op): Resolution<S> {
    return this.resolve({ seen: this.graph.upTo(op), above: op.above });
  }

  /** St of everything that holds, with the mission as it is known at the end. */
  whole(above: Known['above'] = nothing): Resolution<S> {
    const { ops } = this.graph;
    const all = ops.reduce((most, op) => union(most, op.above), above);
    return this.resolve({ seen: this.graph.closure(ops), above: all });
  }

  /** The newest significant commit of each lane: equal for sets with equal states (L10). */
  #frontier({ seen }: Known): string {
    const newest = new Map<number, number>();
    for (const { lane, place } of this.significant) {
      if (place <= known(seen, lane)) newest.set(lane, Math.max(place, newest.get(lane) ?? -1));
    }
    return [...newest].sort(([a], [b]) => a - b).join(';');
  }
}
