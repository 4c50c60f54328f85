import { ascending } from '../../codec/envelope.ts';
import { fields, oneOf } from '../../codec/shape.ts';
import { isRuleChange, type RuleChange } from '../../mission/rule-change.ts';
import { accepted, refused, type Verdict } from '../../verdict.ts';
import type { Said } from '../actions/action.ts';
import { isReopening, type Reopening } from '../actions/reopen.ts';
import type { Chamber } from '../chamber.ts';
import { kind, type AnyKind, type Scene } from '../kind.ts';
import {
  contradictingUnits,
  motionKey,
  targetKey,
  type Ballot,
  type Motion,
  type SwarmState,
} from '../swarm-state.ts';
import { basis, motionClass, target, word } from './shapes.ts';

interface Vote extends Motion {
  ch: 'for' | 'against' | 'withdraw';
  reopen?: Reopening;
  rule?: RuleChange;
}

/** L4: ballots open at once, divided by units (L9): nobody's votes keep others from voting. */
const mostBallots = 512;

/** A ballot for or against, which takes the place of an earlier one, or taking it back (R25). */
export function voteKind<S extends SwarmState>(chamber: Chamber<S>): AnyKind<S> {
  return kind<S, Vote>({
    shape: fields(
      { a: word, basis, c: motionClass, ch: oneOf('for', 'against', 'withdraw'), u: target },
      { reopen: isReopening, rule: isRuleChange },
    ),

    check(scene, x) {
      const motion = checkMotion(chamber, scene, x);
      if (!motion.ok) return motion;
      const mine = ballotsOf(scene.state, scene.op.author.member, x);
      if (x.ch === 'withdraw') {
        return mine.length === 0 ? refused('R25', 'there is no ballot to withdraw') : accepted;
      }
      if (mine.length > 0) {
        const isNew = mine.some(({ isAgainst }) => isAgainst !== isAgainstOf(x));
        return isNew ? accepted : refused('L9', 'one open ballot a motion');
      }
      return hasRoom(chamber, scene, x) ? accepted : refused('L9', 'too many ballots of one unit');
    },

    apply(state, { op, saw }, x) {
      const ballots = new Map(state.ballots);
      for (const { by } of ballotsOf(state, op.author.member, x)) if (saw(by)) ballots.delete(by);
      if (x.ch === 'withdraw') return { ...state, ballots };
      if (!isSameList(x.basis, state.decided.get(targetKey(x)) ?? [])) return state;
      const { device, member, party } = op.author;
      ballots.set(op.sid, {
        by: op.sid,
        motion: { a: x.a, basis: x.basis, c: x.c, u: x.u },
        member,
        unit: chamber.perMember(state) ? member : party,
        device,
        q: op.envelope.q,
        ...(x.ch === 'against' && { isAgainst: true }),
      });
      return { ...state, ballots };
    },
  });
}

/** What vote and resolve share: who, about what, on which basis (R25, V3, V9). */
export function checkMotion<S extends SwarmState>(
  chamber: Chamber<S>,
  scene: Scene<S>,
  motion: Said,
): Verdict {
  const { op, state } = scene;
  const unit = chamber.unitOf(scene, op.author.member, motion);
  if (unit === undefined) return refused('R25', 'the author has no vote');
  if (contradictingUnits(state).includes(unit))
    return refused('V3', 'the unit contradicted itself');
  if (!ascending(motion.basis)) return refused('R5', 'the basis is not sorted');
  if (!isSameList(motion.basis, state.decided.get(targetKey(motion)) ?? [])) {
    return refused('V9', 'the basis is not what was decided before');
  }
  const isStray =
    (motion.rule !== undefined && motion.a !== 'rule') ||
    (motion.reopen !== undefined && motion.a !== 'reopen');
  if (isStray) return refused('R5', 'what belongs to another motion');
  return chamber.applies(scene, motion);
}

function hasRoom<S extends SwarmState>(
  chamber: Chamber<S>,
  scene: Scene<S>,
  about: Motion,
): boolean {
  const unit = chamber.unitOf(scene, scene.op.author.member, about);
  const own = [...scene.state.ballots.values()].filter((held) => held.unit === unit);
  return own.length < Math.floor(mostBallots / Math.max(1, chamber.units(scene, about).length));
}

/** Open ballots of a member about a motion; several if two devices voted at once. */
export function ballotsOf(
  { ballots }: SwarmState,
  member: string,
  motion: Motion,
): readonly Ballot[] {
  return [...ballots.values()].filter(
    (held) => held.member === member && isSame(held.motion, motion),
  );
}

function isAgainstOf({ ch }: Vote): true | undefined {
  return ch === 'against' ? true : undefined;
}

function isSame(a: Motion, b: Motion): boolean {
  return motionKey(a) === motionKey(b);
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
