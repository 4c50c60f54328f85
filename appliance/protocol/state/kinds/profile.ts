import { isSid } from '../../codec/fingerprint.ts';
import { fields } from '../../codec/shape.ts';
import { isSealedLength } from '../../crypto/seal.ts';
import type { Node } from '../../pack/node.ts';
import { accepted, refused } from '../../verdict.ts';
import { statusOf, type ChildState } from '../child-state.ts';
import { isUsable } from '../holders.ts';
import { kind } from '../kind.ts';

/** `x` of a profile commit; the blob is found by its hash, never part of the bytes. */
export interface ProfileX {
  h: string;
  blob?: Node;
}

/** Sets the sealed title and description (R31). */
export const profile = kind<ChildState, ProfileX>({
  shape: fields({ h: isSid }),

  check({ op, state, mission }, x) {
    const status = statusOf(state, mission, op.author.member);
    if (state.genesis.prof === 'admin' && status !== 'admin') {
      return refused('R31', 'only an admin changes the profile here');
    }
    if (x.blob === undefined) return refused('R31', 'the blob is missing');
    if (!isSealedLength(x.blob.object.body.length)) return refused('R31', 'the blob is not padded');
    const e = op.envelope.e as string;
    return isUsable(state, mission, e) ? accepted : refused('K4', 'the epoch may not be used');
  },

  apply(state, { op, saw }, x) {
    const kept = state.profiles.filter(({ by }) => !saw(by));
    if (x.blob === undefined) return state;
    const made = { by: op.sid, blob: x.blob, epoch: op.envelope.e ?? '' };
    return { ...state, profiles: [...kept, made] };
  },
});
