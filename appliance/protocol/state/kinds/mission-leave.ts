import { accepted } from '../../verdict.ts';
import { kind } from '../kind.ts';
import type { MissionState } from '../mission-state.ts';
import { subject, withRemoval } from '../removal.ts';

/** The author's own member leaves the mission for good (R23). */
export const missionLeave = kind<MissionState>({
  check: () => accepted,

  apply(state, { op }) {
    const key = subject('member', op.author.member);
    const removal = { by: op.sid, kind: 'left', votes: [], lifts: [] } as const;
    return { ...state, removals: withRemoval(state.removals, key, removal) };
  },
});
