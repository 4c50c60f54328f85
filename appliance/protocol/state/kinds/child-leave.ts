import { accepted } from '../../verdict.ts';
import type { ChildState } from '../child-state.ts';
import { kind } from '../kind.ts';
import { subject, withRemoval } from '../removal.ts';

/** The author's own member goes (R23: nobody else can be named). */
export const childLeave = kind<ChildState>({
  check: () => accepted,

  apply(state, { op }) {
    const key = subject('member', op.author.member);
    const removal = { by: op.sid, kind: 'left', votes: [], lifts: [] } as const;
    return { ...state, removals: withRemoval(state.removals, key, removal) };
  },
});
