import { fields } from '../../codec/shape.ts';
import { accepted, refused } from '../../verdict.ts';
import { statusOf, type ChildState } from '../child-state.ts';
import { kind } from '../kind.ts';
import { subject } from '../removal.ts';
import { liftsKnown } from './child-genesis.ts';

/** An invited person takes the invitation (R22); from any of the person's devices. */
export const childJoin = kind<ChildState, object>({
  shape: fields({}),

  check({ op, state, mission }) {
    const status = statusOf(state, mission, op.author.member);
    return status === 'invited' ? accepted : refused('R22', 'there is no invitation');
  },

  apply(state, act) {
    const { member } = act.op.author;
    const person = state.people.get(member);
    if (person === undefined) return state;
    const here = [subject('member', member), subject('party', person.party)]
      .flatMap((key) => state.removals.get(key) ?? [])
      .filter((removal) => removal.lifts.some(act.saw))
      .map((removal) => removal.by);
    const settled = [...new Set([...person.settled, ...here, ...liftsKnown(act, member)])].sort();
    return {
      ...state,
      people: new Map(state.people).set(member, { ...person, hasJoined: true, settled }),
    };
  },
});
