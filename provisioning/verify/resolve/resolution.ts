import { inOrder, type Op } from '../graph/op.ts';
import { motionKey, motionOf, targetOf, type Motion } from '../votes/motion.ts';
import { contradictions, type Contradiction } from './contradictions.ts';
import { conflictsOf } from './freeze.ts';
import type { Known } from './law.ts';
import { concerns, isContent, type Author, type Reason, type Removal } from './removal.ts';
import { standing } from './standing.ts';
import type { Swarm } from './swarm.ts';

/** What a person says about an open motion: `for`, `against`, or both at once, which counts for nothing. */
export interface Ballot {
  readonly ops: readonly Op[];
  readonly motion: Motion;
  readonly author: Author;
  readonly says: ReadonlySet<string>;
}

/**
 * Resolve (SWARM §9.2 with V1–V9): what a closed set of commits means. Always made from scratch, a
 * pure function of the set; nothing is carried over from an earlier state.
 */
export class Resolution<S> {
  readonly swarm: Swarm<S>;
  readonly known: Known;
  /** Commits that can change a state, in order. */
  readonly ops: readonly Op[];
  readonly contradictions: readonly Contradiction[];
  readonly stands: ReadonlySet<string>;
  readonly removals: readonly Removal[];
  /** People whose claim to be here does not stand (J6). */
  readonly inDoubt: ReadonlySet<string>;
  /** Removals that exclude each other and froze the swarm (V7); none if it is not. */
  readonly conflicts: readonly Removal[];
  readonly state: S;
  readonly #authors: (device: string) => Author | undefined;
  readonly #reasons = new Map<string, Reason | undefined>();

  constructor(swarm: Swarm<S>, known: Known) {
    this.swarm = swarm;
    this.known = known;
    this.ops = swarm.significant.filter((op) => swarm.graph.has(known.seen, op)).sort(inOrder);
    this.#authors = swarm.law.author(known, this.ops);
    const resolutions = this.of('resolve');
    this.contradictions = contradictions(swarm.graph, resolutions, (v) => this.unitOf(v));
    this.stands = standing(this, resolutions);
    this.removals = this.#removals(resolutions);
    this.inDoubt = swarm.law.inDoubt(this);
    this.conflicts = conflictsOf(this);
    this.state = swarm.law.state(this);
  }

  /** Commits of a kind, in order. */
  of(k: string): Op[] {
    return this.ops.filter((op) => op.k === k);
  }

  /** Commits of a kind that have effect, in order. */
  effective(k: string): Op[] {
    return this.of(k).filter((op) => this.reason(op) === undefined);
  }

  authorOf(op: Op): Author | undefined {
    return this.#authors(op.d);
  }

  /** Device, person and party of a device, as the set introduced them. */
  authorFor(device: string): Author | undefined {
    return this.#authors(device);
  }

  unitOf(ballot: Op): string | undefined {
    const author = this.authorOf(ballot);
    return author === undefined ? undefined : this.swarm.law.unit(author);
  }

  /** Whether a ballot contradicts another or comes from a device that had forked (V1, step 2). */
  isStruck(ballot: Op): boolean {
    const from = this.swarm.graph.forkedFrom(this.known.seen, ballot.d);
    if (from !== undefined && ballot.q >= from) return true;
    return this.contradictions.some(({ ballots }) => ballots.includes(ballot));
  }

  /** Units that contradicted themselves and were not reinstated by the others since (V3). */
  barredUnits(): Set<string> {
    const { graph } = this.swarm;
    const pardons = this.of('resolve').filter(
      (r) => this.stands.has(r.sid) && r.x['a'] === 'reinstate',
    );
    const open = this.contradictions.filter(
      ({ resolutions, unit }) =>
        !pardons.some(
          (pardon) =>
            motionOf(pardon).u === unit && resolutions.every((r) => graph.isBefore(r, pardon)),
        ),
    );
    return new Set(open.map(({ unit }) => unit));
  }

  /** Bans that nobody lifted, of a subject; or demotions. */
  unlifted(sort: Removal['sort'], c: string, u: string): Removal[] {
    return this.removals.filter(
      (r) => r.sort === sort && r.subject.c === c && r.subject.u === u && r.lifts.length === 0,
    );
  }

  /** The newest resolutions about a target, fallen ones too: the basis of the next motion (V9). */
  decided(target: string): string[] {
    const about = this.of('resolve').filter((r) => targetOf(motionOf(r)) === target);
    return this.swarm.graph
      .maximal(about)
      .map(({ sid }) => sid)
      .sort();
  }

  /** Open ballots: what a person said last about a motion, unless withdrawn or decided since. */
  ballots(): Ballot[] {
    const cast = Map.groupBy(this.effective('vote'), (op) => {
      return `${this.authorOf(op)?.member} ${motionKey(motionOf(op))}`;
    });
    return [...cast.values()].flatMap((ops): Ballot[] => {
      const last = this.swarm.graph.maximal(ops).filter(({ x }) => x['ch'] !== 'withdraw');
      const [op] = last;
      if (op === undefined) return [];
      const motion = motionOf(op);
      if (this.decided(targetOf(motion)).join() !== motion.basis.join()) return [];
      const says = new Set(last.map(({ x }) => x['ch'] as string));
      return [{ ops: last, motion, author: this.authorOf(op) as Author, says }];
    });
  }

  /** Why a commit of the set has no effect; nothing if it has (step 4, V4–V6, M5). */
  reason(op: Op): Reason | undefined {
    if (!this.#reasons.has(op.sid)) {
      this.#reasons.set(op.sid, undefined);
      this.#reasons.set(op.sid, this.#judge(op));
    }
    return this.#reasons.get(op.sid);
  }

  /** Whether a removal of an author, or of a side of it, is not lifted, here or in the mission. */
  isGone(author: Author): boolean {
    const own = this.removals.some(
      (r) => r.sort !== 'demote' && r.lifts.length === 0 && concerns(r.subject, author),
    );
    return own || this.swarm.isGoneAbove?.(this.known, author) === true;
  }

  /** Why a removal hides a commit, if one does. */
  removedBy(op: Op): Reason | undefined {
    const author = this.authorOf(op);
    if (author === undefined) return undefined;
    if (this.removals.some((r) => this.#hides(r, op, author))) return 'removed';
    return this.swarm.hiddenFromAbove?.(this, op, author) ? 'removed-in-mission' : undefined;
  }

  #judge(op: Op): Reason | undefined {
    if (op.k === 'resolve') return this.stands.has(op.sid) ? undefined : 'fell';
    if (op.k === 'genesis') return undefined;
    const removed = this.removedBy(op);
    if (removed !== undefined) return removed;
    const author = this.authorOf(op);
    if (author === undefined) return 'no-standing';
    const isClaim = op.k === 'join' && op.x['m'] !== undefined;
    if (this.inDoubt.has(author.member) && !isClaim) return 'no-standing';
    const { law } = this.swarm;
    const before = this.swarm.before(op);
    const isDemoted = this.removals.some(
      (r) => r.sort === 'demote' && this.#isOutside(r, op) && concerns(r.subject, author),
    );
    if (isDemoted && law.needsAdmin(before, op)) return 'demoted';
    const grounds = law.grounds(before, op, author);
    const isUngrounded = grounds.some((group) =>
      group.every((one) => this.reason(one) !== undefined),
    );
    return isUngrounded ? 'no-standing' : undefined;
  }

  #hides(removal: Removal, op: Op, author: Author): boolean {
    if (removal.sort === 'demote' || !concerns(removal.subject, author)) return false;
    if (removal.sort === 'voluntary' && !isContent(op.k)) return false;
    // A removed party keeps a voice in whether the mission is reopened, and only in that (V7).
    const isVoice = op.x['a'] === 'reopen' && removal.subject.c === 'party';
    return !isVoice && this.#isOutside(removal, op);
  }

  #isOutside({ lifts, op: removal }: Removal, op: Op): boolean {
    const { graph } = this.swarm;
    if (removal === op || graph.isBefore(op, removal)) return false;
    return !lifts.some((lift) => lift === op || graph.isBefore(lift, op));
  }

  #removals(resolutions: readonly Op[]): Removal[] {
    const { graph, law } = this.swarm;
    const standing = resolutions.filter((r) => this.stands.has(r.sid));
    const lifting: Record<string, string> = { ban: 'unban', demote: 'promote' };
    const voted = standing.flatMap((op): Removal[] => {
      const { a, c, u } = motionOf(op);
      if ((a !== 'ban' && a !== 'demote') || c === 'swarm') return [];
      const isLift = (other: Op): boolean => {
        const motion = motionOf(other);
        if (motion.a === 'reopen')
          return (other.x['reopen'] as { lift: string[] }).lift.includes(op.sid);
        return motion.a === lifting[a] && motion.u === u && graph.isBefore(op, other);
      };
      const subject = { c: c as 'party' | 'member' | 'device', u };
      return [{ op, subject, sort: a, lifts: standing.filter(isLift) }];
    });
    const left = this.ops.flatMap((op): Removal[] => {
      const author = this.authorOf(op);
      const subject = author && law.departure(op, author);
      return subject === undefined ? [] : [{ op, subject, sort: 'voluntary', lifts: [] }];
    });
    const all = [...voted, ...left];
    for (const removal of left) removal.lifts = this.#readmissions(removal, all);
    return all;
  }

  /** `add`s that bring somebody back who had left, if they have effect themselves. */
  #readmissions({ op, subject }: Removal, all: readonly Removal[]): Op[] {
    const { graph } = this.swarm;
    const byKey = this.of('join').filter(({ x }) => x['s'] !== undefined);
    return [...this.of('add'), ...byKey].filter((add) => {
      const who = add.k === 'add' ? add.x['m'] : this.authorOf(add)?.member;
      if (who !== subject.u || !graph.isBefore(op, add)) return false;
      const author = this.authorOf(add);
      return (
        author !== undefined && !all.some((r) => r.sort === 'ban' && this.#hides(r, add, author))
      );
    });
  }
}
