import type { Commit } from '../commit/commit.ts';
import { must } from '../refusal.ts';
import type { Op } from './op.ts';
import { known, nothing, plus, union, type Seen } from './seen.ts';

/** Commits of one swarm in their places. Who saw whom costs one look-up. */
export class Graph {
  readonly cid: string;
  readonly mission: Graph | undefined;
  readonly ops: Op[] = [];
  readonly bySid = new Map<string, Op>();
  readonly byName = new Map<string, Op>();
  /** The commits of each lane, by number of the lane. */
  readonly #lanes: Op[][] = [];
  readonly #lanesOf = new Map<string, number[]>();
  readonly #byDevice = new Map<string, Op[]>();

  constructor(cid: string, mission?: Graph) {
    this.cid = cid;
    this.mission = mission;
  }

  /** Whether a commit is among what is known. */
  has(seen: Seen, op: Op): boolean {
    return op.place <= known(seen, op.lane);
  }

  isBefore(a: Op, b: Op): boolean {
    return this.has(b.past, a);
  }

  isConcurrent(a: Op, b: Op): boolean {
    return a !== b && !this.isBefore(a, b) && !this.isBefore(b, a);
  }

  /** past(c) and c. */
  upTo(op: Op): Seen {
    return plus(op.past, op.lane, op.place);
  }

  /** Everything below these, themselves included. */
  closure(ops: readonly Op[]): Seen {
    return ops.reduce((seen, op) => union(seen, this.upTo(op)), nothing);
  }

  /** Commits of a device, in the order they were placed. */
  of(device: string): readonly Op[] {
    return this.#byDevice.get(device) ?? [];
  }

  /** The ones that no other of them has in its past. */
  maximal(ops: readonly Op[]): Op[] {
    return ops.filter((op) => !ops.some((other) => other !== op && this.isBefore(op, other)));
  }

  /** Puts a commit above its parents, which are placed already: R7–R11, M2. */
  place(commit: Commit): Op {
    const { envelope } = commit;
    if (envelope.cid === undefined) {
      must(this.ops.length === 0, 'R7', 'there is a second genesis');
      must(commit.sid !== '' && this.bySid.size === 0, 'R7', 'there is a second genesis');
    } else {
      must(envelope.cid === this.cid, 'R7', 'it belongs to another conversation');
    }
    const parents = commit.parents.map((oid, i) => {
      const parent = this.byName.get(oid);
      must(parent, 'R8', 'it stands on a commit that is missing or does not hold');
      must(parent.sid === envelope.ps[i], 'R11', 'it names a parent by another identity');
      return parent;
    });
    const isChain = parents.some((a) => parents.some((b) => a !== b && this.isBefore(a, b)));
    must(!isChain, 'R8', 'one of its parents stands on another');
    const past = this.closure(parents);
    const height = 1 + parents.reduce((most, { l }) => Math.max(most, l), 0);
    must(envelope.l === height, 'R10', 'its height is wrong');
    const previous = this.#previous(commit, past);
    const above = this.#above(commit, parents);
    const lane = this.#lane(previous);
    const op: Op = {
      commit,
      ...{ sid: commit.sid, d: envelope.d, q: envelope.q, l: envelope.l, k: envelope.k },
      ...{ x: envelope.x ?? {}, parents, previous, past, above, lane, place: envelope.q },
      isTwin: false,
    };
    this.#keep(op);
    return op;
  }

  /** Forgets a commit that another rule refused; what stands on it will not find it. */
  drop(op: Op): void {
    this.byName.delete(op.commit.oid);
    this.bySid.delete(op.sid);
    this.ops.splice(this.ops.indexOf(op), 1);
  }

  /** Newest commits of a device among what is known: more than one only if it forked. */
  newest(seen: Seen, device: string): Op[] {
    const tips = (this.#lanesOf.get(device) ?? []).flatMap((lane) => {
      const ops = this.#lanes[lane] as Op[];
      const op = ops[known(seen, lane) - (ops[0] as Op).place];
      return op === undefined ? [] : [op];
    });
    return this.maximal(tips);
  }

  /** The least number at which a device wrote two commits among what is known (step 1). */
  forkedFrom(seen: Seen, device: string): number | undefined {
    const spans = (this.#lanesOf.get(device) ?? []).flatMap((lane) => {
      const from = ((this.#lanes[lane] as Op[])[0] as Op).place;
      const to = known(seen, lane);
      return to < from ? [] : [{ from, to }];
    });
    const doubles = spans.flatMap((a) =>
      spans.flatMap((b) => {
        const from = Math.max(a.from, b.from);
        return a !== b && from <= Math.min(a.to, b.to) ? [from] : [];
      }),
    );
    return doubles.length === 0 ? undefined : Math.min(...doubles);
  }

  /** Every device that wrote here. */
  devices(): Iterable<string> {
    return this.#lanesOf.keys();
  }

  #previous({ envelope }: Commit, past: Seen): Op | undefined {
    const newest = this.newest(past, envelope.d);
    if (envelope.pq === undefined) {
      must(newest.length === 0, 'R9', 'its device wrote before, and it does not say so');
      return undefined;
    }
    const previous = this.bySid.get(envelope.pq);
    must(previous?.d === envelope.d, 'R9', 'its previous commit is none of its device');
    must(this.has(past, previous), 'R9', 'its previous commit is not in its past');
    must(previous.q === envelope.q - 1, 'R9', 'its number does not follow the previous one');
    must(newest.includes(previous), 'R9', 'its previous commit is not the newest it knows');
    return previous;
  }

  #above({ envelope }: Commit, parents: readonly Op[]): Seen {
    const seen = parents.reduce((all, { above }) => union(all, above), nothing);
    const { mission } = this;
    if (mission === undefined) {
      must(envelope.mh.length === 0, 'M2', 'the mission itself names no mission heads');
      return nothing;
    }
    must(parents.length > 0 || envelope.mh.length > 0, 'M2', 'it names no place in the mission');
    const heads = envelope.mh.map((sid) => {
      const head = mission.bySid.get(sid);
      must(head, 'M3', 'it knows a commit of the mission that is missing or does not hold');
      must(!mission.has(seen, head), 'M2', 'it names a mission commit that its parents know');
      return head;
    });
    must(
      mission.maximal(heads).length === heads.length,
      'M2',
      'its mission heads stand on each other',
    );
    return union(seen, mission.closure(heads));
  }

  #lane(previous: Op | undefined): number {
    const isEnd = previous !== undefined && this.#lanes[previous.lane]?.at(-1) === previous;
    return isEnd ? previous.lane : this.#lanes.length;
  }

  #keep(op: Op): void {
    if (this.#lanes[op.lane] === undefined) {
      this.#lanes[op.lane] = [];
      this.#lanesOf.set(op.d, [...(this.#lanesOf.get(op.d) ?? []), op.lane]);
    }
    this.#lanes[op.lane]?.push(op);
    this.ops.push(op);
    this.bySid.set(op.sid, op);
    this.byName.set(op.commit.oid, op);
    const mine = this.#byDevice.get(op.d) ?? [];
    for (const twin of mine.filter(({ q }) => q === op.q)) twin.isTwin = op.isTwin = true;
    mine.push(op);
    this.#byDevice.set(op.d, mine);
  }
}
