import type { Op } from './op.ts';

/** What follows from a commit's parents, in one swarm's graph. */
export interface Causes {
  tips: Int32Array;
  forks: ReadonlyMap<number, readonly Op[]>;
  frontier: readonly Op[];
}

/**
 * The commits of one swarm with their causality. Each commit carries, per device, the newest
 * commit in its past, so `saw` costs one look-up; only devices that contradicted themselves
 * need their branches followed (Resolve, step 0).
 */
export class Graph {
  readonly ops: Op[] = [];
  readonly #bySid = new Map<string, Op>();
  readonly #byOid = new Map<string, Op>();
  readonly #devices = new Map<string, number>();
  readonly #byPosition = new Map<string, Op[]>();
  readonly #forked = new Set<number>();

  get(sid: string): Op | undefined {
    return this.#bySid.get(sid);
  }

  byOid(oid: string): Op | undefined {
    return this.#byOid.get(oid);
  }

  /** Commits of one device with one sequence number; more than one is a proof against it. */
  at(device: string, q: number): readonly Op[] {
    return this.#byPosition.get(`${device} ${q}`) ?? [];
  }

  /**
   * Number of a device; one without commits would get the next. Only `insert` gives it out, so
   * that refused commits of made-up devices take no room.
   */
  deviceNumber(fingerprint: string): number {
    return this.#devices.get(fingerprint) ?? this.#devices.size;
  }

  /** Whether the device has contradicted itself anywhere in the graph. */
  isForked(device: string): boolean {
    return this.#forked.has(this.deviceNumber(device));
  }

  /** Takes a candidate in; its index becomes its place. */
  insert(candidate: Op): Op {
    const op: Op = { ...candidate, index: this.ops.length };
    this.#devices.set(op.envelope.d, op.device);
    this.ops.push(op);
    this.#bySid.set(op.sid, op);
    this.#byOid.set(op.oid, op);
    const key = `${op.envelope.d} ${op.envelope.q}`;
    const same = this.#byPosition.get(key);
    if (same === undefined) this.#byPosition.set(key, [op]);
    else {
      same.push(op);
      this.#forked.add(op.device);
    }
    return op;
  }

  /** Whether `earlier` lies in the strict past of `later`. */
  saw(later: Op, earlier: Op): boolean {
    if (later.index >= 0 && later.index <= earlier.index) return false;
    const branches = later.forks.get(earlier.device);
    if (branches !== undefined) return branches.some((tip) => this.#onChain(tip, earlier));
    const tip = this.tip(later, earlier.device);
    return tip !== undefined && this.#onChain(tip, earlier);
  }

  /** Whether `op` is one of these or in the past of one. */
  within(heads: readonly Op[], op: Op): boolean {
    return heads.some((head) => head === op || this.saw(head, op));
  }

  /** The newest commit of a device in the past; for a forked device, of one branch. */
  tip(op: Op, device: number): Op | undefined {
    const at = op.tips[device];
    return at === undefined || at === 0 ? undefined : this.ops[at - 1];
  }

  /** Those that are in nobody else's past; duplicates fall together. */
  maximal(ops: readonly Op[]): readonly Op[] {
    if (ops.length < 2) return ops;
    const unique = [...new Set(ops)];
    const kept = unique.filter(
      (op) => !unique.some((other) => other !== op && this.saw(other, op)),
    );
    return kept.sort((a, b) => a.index - b.index);
  }

  /** Causality of a commit on these parents; of a set, if they are its heads. */
  causes(parents: readonly Op[]): Causes {
    const only = parents.length === 1 ? parents[0] : undefined;
    const frontier = only ? frontierOf(only) : this.maximal(parents.flatMap(frontierOf));
    const tips = new Int32Array(this.#devices.size);
    const forks = new Map<number, readonly Op[]>();
    for (const parent of parents) {
      for (const [of, branches] of parent.forks) {
        const before = forks.get(of) ?? this.#only(tips[of]);
        forks.set(of, this.#branchTips([...before, ...branches]));
      }
      for (let of = 0; of < parent.tips.length; of++) this.#join(tips, forks, of, parent.tips[of]);
      this.#join(tips, forks, parent.device, parent.index + 1);
    }
    return { tips, forks, frontier };
  }

  /** Every significant commit that is one of these or before one. */
  closure(frontier: readonly Op[]): Op[] {
    const found = new Set<Op>(frontier);
    for (const op of found) for (const before of op.frontier) found.add(before);
    return [...found];
  }

  /** The tip of the parents before, of a device of which none of them knew branches. */
  #only(at = 0): readonly Op[] {
    return at === 0 ? [] : [this.ops[at - 1] as Op];
  }

  #join(tips: Int32Array, forks: Map<number, readonly Op[]>, of: number, next = 0): void {
    const held = tips[of] as number;
    if (next === 0 || held === next) return;
    const before = held === 0 ? undefined : this.ops[held - 1];
    const after = this.ops[next - 1] as Op;
    const branches = forks.get(of);
    if (branches !== undefined) forks.set(of, this.#branchTips([...branches, after]));
    if (before === undefined || this.#onChain(after, before)) tips[of] = next;
    else if (!this.#onChain(before, after) && branches === undefined) {
      forks.set(of, this.#branchTips([before, after]));
    }
  }

  #branchTips(tips: readonly Op[]): readonly Op[] {
    const unique = [...new Set(tips)];
    return unique.filter(
      (tip) => !unique.some((other) => other !== tip && this.#onChain(other, tip)),
    );
  }

  /** Whether `op` is `tip` or before it in the chain of their one device. */
  #onChain(tip: Op, op: Op): boolean {
    if (!this.#forked.has(op.device)) return op.envelope.q <= tip.envelope.q;
    let at: Op | undefined = tip;
    while (at !== undefined && at.envelope.q > op.envelope.q) at = at.previous;
    return at === op;
  }
}

function frontierOf(op: Op): readonly Op[] {
  return op.significant ? [op] : op.frontier;
}
