import { fromB32, toB64u } from '../../codec/text-form.ts';
import { accepted, refused } from '../../verdict.ts';
import { recordedBox } from '../mission-state.ts';
import type { Action } from './action.ts';

/** Records another box (A1): the target is its public key. Outranks every first record. */
export const changeBox: Action = {
  applies({ state }, { c, u }) {
    const key = fromB32(u, 32);
    if (c !== 'box' || key === undefined) return refused('R25', 'the target is no key of a box');
    return recordedBox(state) === toB64u(key) ? refused('A1', 'recorded already') : accepted;
  },

  // Of concurrent changes all stay, and none counts: the box is contested until it is decided anew.
  carry(state, { op, saw }, { u }) {
    const kept = [...state.chosenBoxes].filter(([by]) => !saw(by));
    const bk = toB64u(fromB32(u, 32) ?? new Uint8Array(0));
    return { ...state, chosenBoxes: new Map([...kept, [op.sid, bk]]) };
  },
};
