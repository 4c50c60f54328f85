import { ascending } from '../../codec/envelope.ts';
import { isFingerprint } from '../../codec/fingerprint.ts';
import { b64u, fields, integer, list, oneOf, tuple } from '../../codec/shape.ts';
import { isSid } from '../../codec/fingerprint.ts';
import { fromB64u } from '../../codec/text-form.ts';
import { isAgreementPoint } from '../../crypto/agreement.ts';
import { keyId, recipientsHash, type BackLink, type EpochEntry } from '../../crypto/epoch-box.ts';
import { accepted, refused, type Verdict } from '../../verdict.ts';
import {
  devicesInside,
  nextGeneration,
  nextParents,
  type ChildState,
  type Epoch,
} from '../child-state.ts';
import { kind, type Scene } from '../kind.ts';
import { backLink, eid, eids, word } from './shapes.ts';

/** `x` of an epoch. */
export interface EpochX {
  back?: BackLink[];
  boxes: EpochEntry[];
  cut?: 1;
  ek: string;
  g: number;
  id: string;
  p: string[];
  r: string;
  why: string;
}

/** K13: effective devices of one swarm. */
const mostDevices = 512;

/** A new group key, boxed to every device inside (K1–K3, K13–K15). */
export const epoch = kind<ChildState, EpochX>({
  shape: fields(
    {
      boxes: list(tuple(isFingerprint, b64u(8), b64u(24), b64u(48)), 1, mostDevices),
      ek: b64u(32),
      g: integer(1, Number.MAX_SAFE_INTEGER),
      id: eid,
      p: eids,
      r: isSid,
      why: word,
    },
    { back: list(backLink, 1, 64), cut: oneOf(1) },
  ),

  check(scene, x) {
    const { state } = scene;
    if (state.epochs.has(x.id)) return refused('K1', 'the epoch exists');
    if (!same(x.p, nextParents(state)))
      return refused('K3', 'the parents are not the newest epochs');
    if (x.g !== nextGeneration(state)) return refused('K3', 'the generation is not the next');
    if (!isAgreementPoint(fromB64u(x.ek, 32) as Uint8Array)) return refused('K10', 'ek is weak');
    const linked = checkBack(state, x);
    return linked.ok ? checkRecipients(scene, x) : linked;
  },

  apply(state, { op, saw }, x) {
    const devices = [op.author.device, ...x.boxes.map(([device]) => device)];
    const twin = state.epochs.get(x.id);
    if (twin !== undefined) {
      // Somebody copied the id of a concurrent epoch: whoever either names may have the key.
      const holders = [...new Set([...twin.holders, ...devices])].sort();
      return { ...state, epochs: new Map(state.epochs).set(x.id, { ...twin, holders }) };
    }
    const made: Epoch = {
      id: x.id,
      by: op.sid,
      generation: x.g,
      parents: x.p,
      holders: [...new Set(devices)].sort(),
      recipients: x.r,
      ...(x.cut === 1 && { isCut: true as const }),
      back: x.back?.map(([id]) => id) ?? [],
    };
    const before = (id: string) => saw(state.epochs.get(id)?.by ?? '');
    return {
      ...state,
      epochs: new Map(state.epochs).set(x.id, made),
      newest: [...state.newest.filter((id) => !before(id)), x.id].sort(),
    };
  },

  // Whoever is in the boxes of a void epoch cannot read anything: nobody writes under it.
});

function checkBack(state: ChildState, x: EpochX): Verdict {
  if (x.back === undefined) return accepted;
  if (state.genesis.hist !== 'all') return refused('K7', 'this history is not linked');
  if (x.cut === 1) return refused('K17', 'a cut epoch has no links');
  const linked = x.back.map(([id]) => id);
  if (!ascending(linked) || !linked.every((id) => x.p.includes(id))) {
    return refused('K7', 'the links are not to the parents');
  }
  return accepted;
}

function checkRecipients({ state, mission }: Scene<ChildState>, x: EpochX): Verdict {
  const boxed = x.boxes.map(([device]) => device);
  const due = devicesInside(state, mission);
  if (due.length > mostDevices) return refused('K13', 'too many devices');
  if (!same(boxed, due)) return refused('K2', 'the recipients are not the devices inside');
  if (x.r !== recipientsHash(boxed)) return refused('K2', 'r is not the hash of the recipients');
  const stale = x.boxes.some(([device, id]) => {
    const to = mission.devices.get(device);
    return to === undefined || keyId(to.agreement) !== id;
  });
  return stale ? refused('K15', 'a box is not to the newest pre-key') : accepted;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
