import {
  fields,
  integer,
  listOf,
  sortedListOf,
  type Json,
  type JsonObject,
} from '../bytes/canonical-json.ts';
import { H } from '../bytes/hash.ts';
import { b64u, bytesText, epochId, fingerprint, fromB64u, hash64 } from '../bytes/text-form.ts';
import type { Op } from '../graph/op.ts';
import { agreementKey } from '../identity/certificate.ts';
import { must } from '../refusal.ts';
import type { Resolution } from '../resolve/resolution.ts';
import { lastGeneration } from './epochs.ts';
import { hasRemovedHolder, recipients, type RoomState } from './state.ts';

/** K2, K3, K7, K10: a new group key, as far as it can be judged without it. */
export function checkEpoch(_op: Op, state: RoomState, x: JsonObject): void {
  fields(x, ['boxes', 'ek', 'g', 'id', 'p', 'r', 'why'], ['back', 'cut']);
  epochId(x['id']);
  must(!state.epochs.has(x['id'] as string), 'K1', 'there is an epoch of that name');
  must(typeof x['why'] === 'string' && x['why'].length <= 64, 'R5', 'the reason has a bad form');
  must(x['cut'] === undefined || x['cut'] === 1, 'R5', 'a flag is 1');
  agreementKey(x['ek']);
  const p = sortedListOf(x['p'], epochId);
  must(p.join() === state.newest.join(), 'K3', 'it does not name the newest epochs');
  const g = 1 + Math.max(0, ...p.map((id) => state.epochs.get(id)?.g ?? 0));
  must(integer(x['g'], 1) === g, 'K3', 'its generation is wrong');
  const boxes = listOf(x['boxes'], (one) => listOf(one, (part) => part, 4));
  const names = boxes.map(([dfp, keyid, nonce, box]) => {
    const name = fingerprint(dfp);
    bytesText(24)(nonce);
    bytesText(48)(box);
    must(keyid === keyIdOf(state, name), 'K2', 'a box names another key than the device has');
    return name;
  });
  const wanted = recipients(state);
  must(
    names.toSorted().join() === wanted.join(),
    'K2',
    'it is not boxed to the devices inside, and only to them',
  );
  must(
    hash64(x['r']) === b64u(H('recipients', ...wanted)),
    'K2',
    'the hash of its recipients is wrong',
  );
  const back = x['back'] === undefined ? [] : listOf(x['back'], backLink);
  must(back.length === 0 || state.x['hist'] === 'all', 'K7', 'it links back where it may not');
  must(
    back.every((id) => p.includes(id)),
    'K7',
    'it links back to an epoch it does not follow',
  );
}

/** K4, K11, K12: the epoch that a sealed commit uses. */
export function checkUse(op: Op, view: Resolution<RoomState>): void {
  const { state } = view;
  const epoch = state.epochs.get(op.commit.envelope.e ?? '');
  must(epoch?.hasEffect, 'K4', 'its epoch is not in its past, or has no effect');
  must(!hasRemovedHolder(state, epoch), 'K4', 'somebody removed can open its epoch');
  must(
    epoch.g >= lastGeneration(state, op.previous),
    'K12',
    'its epoch is older than its author’s last',
  );
}

function keyIdOf({ mission }: RoomState, dfp: string): string | undefined {
  const device = mission.devices.get(dfp);
  const x = device?.preKey?.x ?? (device?.certificate['c'] as { x?: string } | undefined)?.x;
  return x === undefined ? undefined : b64u(H('keyid', fromB64u(x)).subarray(0, 8));
}

function backLink(one: Json): string {
  const parts = listOf(one, (part) => part, 3);
  bytesText(24)(parts[1]);
  bytesText(48)(parts[2]);
  return epochId(parts[0]);
}
