import type { MissionReplica } from '#protocol/admit/replica.ts';
import { leadsOf, type MissionState } from '#protocol/state/mission-state.ts';
import { motionKey, type Motion } from '#protocol/state/swarm-state.ts';
import type { Op } from '#protocol/state/op.ts';
import type { VoteView } from '../closing-model.ts';
import { canVote, countOf, neededOf, type Count } from './count.ts';
import { idOf, partyAgainst, questionOf } from './motions.ts';

/** What the log says about one motion. */
interface Heard {
  motion: Motion;
  /** Place of its first ballot, and whose it is. */
  first: Op;
  /** The last word of each member. */
  said: Map<string, { party: string; ch: string }>;
  /** The resolution that stands. */
  passed?: Op;
}

/** The questions that are open or were decided, newest first. */
export function voteViews(replica: MissionReplica, me: string): VoteView[] {
  const { state } = replica.view();
  return [...heardIn(replica, state).values()]
    .sort((a, b) => b.first.envelope.l - a.first.envelope.l || (a.first.sid < b.first.sid ? 1 : -1))
    .flatMap((heard) => viewOf(state, heard, me) ?? []);
}

function heardIn(replica: MissionReplica, state: MissionState): Map<string, Heard> {
  const all = new Map<string, Heard>();
  for (const op of replica.order().shown) {
    const { k } = op.envelope;
    if (k !== 'vote' && k !== 'resolve') continue;
    const x = op.x as Motion & { ch: string };
    const heard: Heard = all.get(motionKey(x)) ?? { motion: x, first: op, said: new Map() };
    all.set(motionKey(x), heard);
    const { member, party } = op.author;
    if (k === 'vote') heard.said.set(member, { party, ch: x.ch });
    else if (!state.fallen.includes(op.sid)) heard.passed ??= op;
  }
  return all;
}

function viewOf(state: MissionState, heard: Heard, me: string): VoteView | undefined {
  const { first, motion, passed, said } = heard;
  const about = questionOf(state, motion);
  if (!about) return undefined;
  const isOpen = [...state.ballots.values()].some(
    (ballot) => motionKey(ballot.motion) === motionKey(motion),
  );
  // Withdrawn by everybody, or overtaken by another decision about the same.
  if (!passed && !isOpen) return undefined;
  const count = passed ? countAtEnd(state, heard, passed) : countOf(state, motion);
  const slots = (parties: readonly string[]): number[] =>
    parties.flatMap((party) => state.parties.get(party)?.slot ?? []).sort((a, b) => a - b);
  const { no, threshold, needed, units, yes } = count;
  const mine = { for: 'yes', against: 'no' }[said.get(me)?.ch ?? ''] as VoteView['mine'];
  return {
    id: idOf(motion),
    about,
    yes: slots(yes),
    no: slots(no),
    units: slots(units),
    threshold,
    needed,
    state: passed ? 'passed' : units.length - no.length < needed ? 'cannot-pass' : 'open',
    proposedBy: state.parties.get(first.author.party)?.slot ?? 0,
    ...(mine && { mine }),
    canVote: !passed && canVote(state, me, motion),
  };
}

/** How it stood when it passed: as its resolution counted, with the noes that were said. */
function countAtEnd(state: MissionState, { motion, said }: Heard, passed: Op): Count {
  const all = passed.tally?.electorate ?? [];
  const against = partyAgainst(state, motion);
  const yes = [...(passed.tally?.voted.keys() ?? [])];
  const noes = (unit: string): number =>
    [...said.values()].filter(({ ch, party }) => ch === 'against' && party === unit).length;
  const { threshold } = countOf(state, motion);
  return {
    units: all.filter((unit) => unit !== against),
    yes,
    no: all.filter((unit) => !yes.includes(unit) && 2 * noes(unit) > leadsOf(state, unit).length),
    threshold,
    needed: neededOf(threshold, all.length, against !== undefined && all.includes(against)),
    ballots: [],
  };
}
