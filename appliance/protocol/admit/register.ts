import type { Commit } from '../codec/commit-form.ts';
import type { Node } from '../pack/node.ts';
import type { Graph } from '../state/graph.ts';
import type { Op } from '../state/op.ts';

/** A valid commit with its tree. */
export interface Held {
  op: Op;
  commit: Commit;
  tree: Node;
}

/**
 * Which valid commits are admitted. A commit by somebody removed, or a third one at a
 * contradicted place, is withheld until somebody honest builds on it (I1, V12). However many
 * there are, none may be dropped: what honest people built on it could never come in. What
 * a device may push at all bounds them (I2, L5).
 */
export class Register {
  readonly #graph: Graph;
  readonly #commits = new Map<string, Commit>();
  readonly #withheld = new Map<Op, Held>();
  #heads: readonly Op[] = [];
  #count = 0;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** Heads of all that is admitted. */
  get heads(): readonly Op[] {
    return this.#heads;
  }

  /** Admitted commits; changes with each. */
  get count(): number {
    return this.#count;
  }

  commit(sid: string): Commit | undefined {
    return this.#commits.get(sid);
  }

  isWithheld(op: Op): boolean {
    return this.#withheld.has(op);
  }

  withhold(held: Held): void {
    this.#withheld.set(held.op, held);
  }

  /** Admits a commit and whatever withheld it stands on; returns all of them, parents first. */
  admit(held: Held): Held[] {
    this.#withheld.set(held.op, held);
    const freed: Held[] = [];
    const stack = [held.op];
    // Iterative: the withheld chain may be as long as its author had patience.
    for (let op = stack.at(-1); op !== undefined; op = stack.at(-1)) {
      const waiting = op.parents.filter((parent) => this.#withheld.has(parent));
      if (this.#withheld.has(op) && waiting.length > 0) {
        stack.push(...waiting);
        continue;
      }
      stack.pop();
      this.#free(op, freed);
    }
    return freed;
  }

  /** Admitted commits in the order of arrival. */
  *ops(): Generator<Op> {
    for (const op of this.#graph.ops) if (!this.#withheld.has(op)) yield op;
  }

  #free(op: Op, freed: Held[]): void {
    const held = this.#withheld.get(op);
    if (held === undefined) return;
    this.#withheld.delete(op);
    this.#commits.set(op.sid, held.commit);
    this.#heads = [...this.#heads.filter((head) => !op.parents.includes(head)), op];
    this.#count++;
    freed.push(held);
  }
}
