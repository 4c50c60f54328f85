import { ascending } from '../../codec/envelope.ts';
import { isFingerprint } from '../../codec/fingerprint.ts';
import { b64u, fields, list } from '../../codec/shape.ts';
import { fromB64u } from '../../codec/text-form.ts';
import { isAgreementPoint } from '../../crypto/agreement.ts';
import type { KeyBox } from '../../crypto/epoch-box.ts';
import { accepted, refused } from '../../verdict.ts';
import { isInside, statusOf, type ChildState } from '../child-state.ts';
import { keysSince } from '../guests.ts';
import { isHolder } from '../holders.ts';
import { kind } from '../kind.ts';
import { isDeviceEffective } from '../mission-state.ts';
import { give } from './give.ts';
import { eids, keyBox } from './shapes.ts';

/** `x` of a share. */
export interface ShareX {
  box: KeyBox[];
  e: string[];
  ek: string;
  to: string;
}

/** Gives keys to a device that came later (K6, K18). */
export const share = kind<ChildState, ShareX>({
  shape: fields({ box: list(keyBox, 1, 64), e: eids, ek: b64u(32), to: isFingerprint }),

  check({ op, state, mission }, x) {
    if (x.e.length !== x.box.length || !ascending(x.e))
      return refused('R5', 'epochs and boxes do not fit');
    if (!isAgreementPoint(fromB64u(x.ek, 32) as Uint8Array)) return refused('K10', 'ek is weak');
    const member = mission.devices.get(x.to)?.member;
    if (member === undefined || !isDeviceEffective(mission, x.to)) {
      return refused('K18', 'the mission does not have this device');
    }
    const status = statusOf(state, mission, member);
    if (!isInside(status) && status !== 'invited')
      return refused('K18', 'not a reader of this room');
    const since = keysSince(state, member);
    if (x.e.some((id) => (state.epochs.get(id)?.generation ?? 0) < since))
      return refused('M12', 'a guest gets no key of what was before');
    const unheld = x.e.some((id) => !isHolder(state, mission, id, op.author.device));
    return unheld ? refused('K18', 'the author does not hold this key') : accepted;
  },

  apply: (state) => state,
  trace: (state, _act, x) => give(state, x.e, { class: 'device', to: x.to }),
});
