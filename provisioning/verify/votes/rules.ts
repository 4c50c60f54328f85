import type { Op } from '../graph/op.ts';
import { must } from '../refusal.ts';
import { decisions, type Author } from '../resolve/removal.ts';
import type { Resolution } from '../resolve/resolution.ts';
import { motionKey, motionOf, readResolve, readVote, targetOf, type Motion } from './motion.ts';
import { carries, votingUnits } from './threshold.ts';

/** Who asks, in which state, and whether the target is in a state to which the action applies. */
export interface Voting<S> {
  readonly view: Resolution<S>;
  readonly op: Op;
  readonly author: Author;
  readonly isVoter: boolean;
  readonly barred: ReadonlySet<string>;
  readonly isFrozen: boolean;
  /** Whether a motion is about the author's own side; nobody votes about that. */
  isOwn(motion: Motion): boolean;
  /** Refuses actions that do not apply; the unit of a target is the law's affair. */
  applies(motion: Motion): void;
}

/** R25, V3, V9, L9: a ballot. */
export function checkVote<S>(voting: Voting<S>): void {
  const { applies, author, barred, isOwn, isVoter, op, view } = voting;
  const motion = readVote(op.x);
  const { law } = view.swarm;
  must(isVoter, 'R25', 'its author has no vote');
  must(!barred.has(law.unit(author)), 'V3', 'its author’s unit contradicted itself');
  applies(motion);
  must(!isOwn(motion), 'R25', 'nobody votes about the own side');
  must(isBasis(view, motion), 'R25', 'it does not rest on what was decided about the target last');
  const open = view.ballots();
  const own = open.filter((ballot) => law.unit(ballot.author) === law.unit(author));
  const before = own.find(
    (one) => one.author.member === author.member && motionKey(one.motion) === motionKey(motion),
  );
  const isAgain = before !== undefined && before.says.size === 1 && before.says.has(motion.ch);
  must(!isAgain, 'L9', 'its author said the same before');
  if (motion.ch === 'withdraw') return;
  const share = Math.floor(512 / Math.max(1, law.electorate(view).size));
  must(before !== undefined || own.length < share, 'L9', 'its unit has its share of open ballots');
}

/** R26, V3, V10: a decision, and the ballots that carry it. */
export function checkResolve<S>(voting: Voting<S>): void {
  const { applies, author, barred, isFrozen, isVoter, op, view } = voting;
  const motion = readResolve(op.x);
  const { graph, law } = view.swarm;
  must(isVoter, 'R26', 'its author has no vote');
  must(!barred.has(law.unit(author)), 'V3', 'its author’s unit contradicted itself');
  const isAnyway = ['close', 'reopen'].includes(motion.a);
  must(!isFrozen || isAnyway, 'V7', 'the swarm is frozen');
  applies(motion);
  must(isBasis(view, motion), 'R26', 'it does not rest on what was decided about the target last');
  const electorates = law.electorates(view, motion);
  const voters = motion.votes.map((sid) => {
    const ballot = graph.bySid.get(sid);
    must(
      ballot?.k === 'vote' && graph.has(op.past, ballot),
      'R26',
      'a ballot it lists is not in its past',
    );
    must(
      motionKey(motionOf(ballot)) === motionKey(motion),
      'R26',
      'a ballot it lists is about something else',
    );
    must(ballot.x['ch'] === 'for', 'R26', 'a ballot it lists is not for it');
    const voter = view.authorOf(ballot);
    must(
      voter && electorates.some((each) => each.get(law.unit(voter))?.includes(voter.member)),
      'R26',
      'a voter it lists has no vote',
    );
    const others = view.of('vote').filter((other) => {
      const sameVoter = view.authorOf(other)?.member === voter.member;
      return sameVoter && motionKey(motionOf(other)) === motionKey(motion);
    });
    const isTaken = others.some((other) => graph.isBefore(ballot, other));
    must(!isTaken, 'R26', 'a ballot it lists was withdrawn or replaced');
    const isTorn = graph.maximal(others).some((other) => other.x['ch'] === 'against');
    must(!isTorn, 'R26', 'a voter it lists said for and against at once');
    return voter.member;
  });
  const target = law.targetUnit(view, motion);
  const isCarried = electorates.every((each) => {
    const units = votingUnits(each, new Set(voters));
    return carries(law.threshold(view, motion), each, units, target);
  });
  must(isCarried, 'R26', 'the ballots are not enough');
}

/** R14 and V8: parents must not be work of somebody removed that the removal did not know. */
export function checkParents<S>(view: Resolution<S>, op: Op): void {
  const barred = op.parents.some((parent) => {
    if (decisions.includes(parent.k) || parent.k === 'genesis') return false;
    const author = view.authorOf(parent);
    const isBack = author !== undefined && !view.isGone(author);
    // Who comes back by the join key goes on with the own chain, hidden parts included.
    const isOwn = op.k === 'join' && author?.member === view.authorFor(op.d)?.member;
    return !isBack && !isOwn && view.removedBy(parent) !== undefined;
  });
  must(!barred, 'R14', 'it attaches work of somebody whose removal it knows');
}

function isBasis<S>(view: Resolution<S>, motion: Motion): boolean {
  return view.decided(targetOf(motion)).join() === motion.basis.join();
}
