import { ascending } from '../../codec/envelope.ts';
import { isSid } from '../../codec/fingerprint.ts';
import { fields, list } from '../../codec/shape.ts';
import { isRuleChange, type RuleChange } from '../../mission/rule-change.ts';
import { accepted, refused } from '../../verdict.ts';
import { isNewcomer, type Newcomer } from '../actions/add-party.ts';
import { isReopening, type Reopening } from '../actions/reopen.ts';
import type { Chamber } from '../chamber.ts';
import { kind, type AnyKind, type Scene } from '../kind.ts';
import type { Tally } from '../op.ts';
import { motionKey, targetKey, type Motion, type SwarmState } from '../swarm-state.ts';
import { carries } from '../threshold.ts';
import { basis, motionClass, target, word } from './shapes.ts';
import { ballotsOf, checkMotion } from './vote.ts';

/** `x` of a resolution. */
export interface ResolveX extends Motion {
  /** The party that is let in (`addparty`). */
  new?: Newcomer;
  /** What becomes of the removals that froze the swarm (`reopen`). */
  reopen?: Reopening;
  /** The changed rules (`rule`). */
  rule?: RuleChange;
  votes: string[];
}

/** Writes down that a motion was carried (R26–R28, V4, V10). */
export function resolveKind<S extends SwarmState>(chamber: Chamber<S>): AnyKind<S> {
  return kind<S, ResolveX>({
    shape: fields(
      { a: word, basis, c: motionClass, u: target, votes: list(isSid, 1, 512) },
      { new: isNewcomer, reopen: isReopening, rule: isRuleChange },
    ),

    check(scene, x) {
      const motion = checkMotion(chamber, scene, x);
      if (!motion.ok) return motion;
      if ((x.new !== undefined) !== (x.a === 'addparty'))
        return refused('R5', 'a party is introduced by its own addition');
      const complete = chamber.complete?.(scene, x);
      if (complete?.ok === false) return complete;
      if (scene.state.isFrozen && x.a !== 'close' && x.a !== 'reopen')
        return refused('V7', 'the swarm is frozen');
      if (!ascending(x.votes)) return refused('R5', 'the votes are not sorted');
      const tally = tallyOf(chamber, scene, x);
      if (tally === undefined) return refused('R26', 'a listed vote does not count');
      const { electorate, target: against, voted } = tally;
      const count = {
        voted: voted.size,
        units: electorate.length,
        targetIsUnit: against !== undefined && electorate.includes(against),
      };
      const suffices = chamber.suffices?.(scene, x, new Set(voted.keys()));
      return (suffices ?? carries(tally.threshold, count))
        ? accepted
        : refused('R26', 'the votes are not enough');
    },

    async prove(engine, scene, x) {
      return (await chamber.prove?.(engine, scene, x)) ?? accepted;
    },

    tally: (scene, x) => tallyOf(chamber, scene, x),

    apply: (state, act, x) => chamber.carry(state, act, x),

    isRetroactive: (_state, x) => x.a === 'reopen',

    trace(state, { op, saw }, x) {
      const key = targetKey(x);
      const kept = (state.decided.get(key) ?? []).filter((sid) => !saw(sid));
      const decided = new Map(state.decided).set(key, [...kept, op.sid].sort());
      return { ...withoutBallots(state, x), decided };
    },
  });
}

/** Who carried a motion, by unit; undefined if a listed vote is not one that counts (R26). */
function tallyOf<S extends SwarmState>(
  chamber: Chamber<S>,
  scene: Scene<S>,
  x: ResolveX,
): Tally | undefined {
  const listed = x.votes.map((sid) => scene.state.ballots.get(sid));
  const members = new Map<string, string>();
  for (const ballot of listed) {
    if (ballot === undefined || motionKey(ballot.motion) !== motionKey(x)) return undefined;
    // Who is for and against at once, from two devices, must say which before it counts.
    if (ballotsOf(scene.state, ballot.member, x).some(({ isAgainst }) => isAgainst))
      return undefined;
    if (members.has(ballot.member)) return undefined;
    members.set(ballot.member, ballot.by);
  }
  const electorate = chamber.units(scene, x).toSorted();
  const voted = new Map<string, readonly string[]>();
  let counted = 0;
  for (const unit of electorate) {
    const voters = chamber.voters(scene, unit, x);
    const ballots = voters.flatMap((member) => members.get(member) ?? []);
    counted += ballots.length;
    if (2 * ballots.length > voters.length) voted.set(unit, ballots);
  }
  // Every listed voter must be in the electorate, not only enough of them.
  if (counted !== members.size) return undefined;
  const against = chamber.targetUnit(scene, x);
  const removes = chamber.removes(scene, x);
  return {
    electorate,
    threshold: chamber.threshold(scene.state, x.a),
    voted,
    ...(against !== undefined && { target: against }),
    ...(removes !== undefined && { removes }),
  };
}

/** Ballots about a target that has just been decided are open no more (V9). */
function withoutBallots<S extends SwarmState>(state: S, motion: Motion): S {
  const key = targetKey(motion);
  const open = [...state.ballots].filter(([, ballot]) => targetKey(ballot.motion) !== key);
  return open.length === state.ballots.size ? state : { ...state, ballots: new Map(open) };
}
