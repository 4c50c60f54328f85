import { fromB64u, toB64u } from '../codec/text-form.ts';
import { freshPair } from '../crypto/agreement.ts';
import { boxTo } from '../crypto/epoch-box.ts';
import type { Engine } from '../ports.ts';
import type { ChildState } from '../state/child-state.ts';
import type { Add } from '../state/kinds/add.ts';
import type { ShareX } from '../state/kinds/share.ts';
import type { MissionState } from '../state/mission-state.ts';
import type { KeyRing } from './key-ring.ts';

/** Epochs one commit can carry; more go into a further one. */
const mostAtOnce = 64;

/**
 * Which epochs a newcomer gets (K6, K7). With linked history the newest suffice: they open
 * the rest. Otherwise nothing before the present, which is the newest ones too.
 */
export function epochsToGive(state: ChildState, ring: KeyRing): string[] {
  return state.newest.filter((eid) => ring.key(eid) !== undefined).slice(0, mostAtOnce);
}

/** Arguments of a `share` of these epochs to a device (K18); undefined if nothing can be given. */
export function shareTo(
  engine: Engine,
  mission: MissionState,
  ring: KeyRing,
  device: string,
  eids: readonly string[],
): ShareX | undefined {
  const x = mission.devices.get(device)?.agreement;
  const held = eids.flatMap((eid): [string, Uint8Array][] => {
    const key = ring.key(eid);
    return key === undefined ? [] : [[eid, key]];
  });
  if (x === undefined || held.length === 0) return undefined;
  const sorted = held.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const pair = freshPair(engine, ...sorted.map(([, key]) => key));
  return {
    box: sorted.map(([, key]) => boxTo(engine, pair, x, key)),
    e: sorted.map(([eid]) => eid),
    ek: toB64u(pair.publicKey),
    to: device,
  };
}

/** `h` of an `add`: keys boxed to the inbox of the person, who may read before joining (§7.1, K11). */
export function keysFor(
  engine: Engine,
  mission: MissionState,
  ring: KeyRing,
  member: string,
  eids: readonly string[],
): Add['h'] {
  const inbox = fromB64u(mission.members.get(member)?.certificate.c.x ?? '', 32);
  if (inbox === undefined) return undefined;
  const boxed = eids.toSorted().flatMap((eid): NonNullable<Add['h']> => {
    const key = ring.key(eid);
    if (key === undefined) return [];
    const pair = freshPair(engine, key);
    return [[eid, ...boxTo(engine, pair, inbox, key), toB64u(pair.publicKey)]];
  });
  return boxed.length === 0 ? undefined : boxed;
}
