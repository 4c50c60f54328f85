import { toB64u } from '../codec/text-form.ts';
import { freshPair } from '../crypto/agreement.ts';
import { backLink, epochEntries, epochId, recipientsHash } from '../crypto/epoch-box.ts';
import type { Engine } from '../ports.ts';
import {
  devicesInside,
  nextGeneration,
  nextParents,
  type ChildState,
} from '../state/child-state.ts';
import type { EpochX } from '../state/kinds/epoch.ts';
import type { MissionState } from '../state/mission-state.ts';
import type { KeyRing } from './key-ring.ts';

/** Where the epoch's commit will stand. */
export interface EpochPlace {
  cid: string;
  d: string;
  q: number;
}

/**
 * A fresh group key for everybody inside, with the arguments of its `epoch` commit (K1–K3,
 * K14). Links to the epochs before it where the history is for all (K7), except after a
 * `cut`. The place must be the one the commit gets: the id depends on it.
 */
export function newEpoch(
  engine: Engine,
  { cid, d, q }: EpochPlace,
  { mission, state }: { mission: MissionState; state: ChildState },
  ring: KeyRing,
  why: string,
  isCut = false,
): { key: Uint8Array; x: EpochX } {
  const key = engine.random(32);
  const pair = freshPair(engine, key);
  const devices = devicesInside(state, mission);
  const recipients = devices.flatMap((device) => {
    const x = mission.devices.get(device)?.agreement;
    return x === undefined ? [] : [{ d: device, x }];
  });
  const linked = state.genesis.hist === 'all' && !isCut ? nextParents(state) : [];
  const back = linked.flatMap((eid) => {
    const earlier = ring.key(eid);
    return earlier === undefined ? [] : [backLink(engine, key, eid, earlier)];
  });
  const x: EpochX = {
    ...(back.length > 0 && { back }),
    boxes: epochEntries(engine, pair, recipients, key),
    ...(isCut && { cut: 1 }),
    ek: toB64u(pair.publicKey),
    g: nextGeneration(state),
    id: epochId(cid, key, d, q),
    p: [...nextParents(state)],
    r: recipientsHash(devices),
    why,
  };
  return { key, x };
}
