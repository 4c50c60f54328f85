import { utf8 } from '../../codec/bytes.ts';
import { encode } from '../../codec/canonical-json.ts';
import { isFingerprint } from '../../codec/fingerprint.ts';
import { b64u, fields, oneOf, type Guard } from '../../codec/shape.ts';
import { fromB64u } from '../../codec/text-form.ts';
import { verifyBlob } from '../../crypto/verify-strict.ts';
import { subjectKey } from '../../identity/certificate.ts';
import type { Engine } from '../../ports.ts';
import { accepted, refused } from '../../verdict.ts';
import { kind } from '../kind.ts';
import type { MissionState } from '../mission-state.ts';
import { subject, unlifted, withRemoval } from '../removal.ts';

type OneDevice = { d: string; s?: string };
type WholeMember = { all: 1; m: string; s: string };

const isOneDevice = fields({ d: isFingerprint }, { s: b64u(64) });
const isWholeMember = fields({ all: oneOf(1), m: isFingerprint, s: b64u(64) });
const isDevRev: Guard<OneDevice | WholeMember> = (value): value is OneDevice | WholeMember =>
  isOneDevice(value) || isWholeMember(value);

/** What the member or party key signs to retire a device, or all of a member (namespace `swarm-cert-v1`). */
export function devrevMessage(cid: string, of: { d: string } | { m: string }): Uint8Array {
  return utf8(
    encode('d' in of ? { cid, d: of.d, t: 'devrev' } : { all: 1, cid, m: of.m, t: 'devrev' }),
  );
}

/** A device retires itself, its member retires it, or the party retires device or member (§3.4). */
export const devrev = kind<MissionState, OneDevice | WholeMember>({
  shape: isDevRev,

  check({ op, state }, x) {
    const owner = 'm' in x ? x.m : state.devices.get(x.d)?.member;
    const party = owner === undefined ? undefined : state.members.get(owner)?.party;
    if (party !== op.author.party) return refused('R24', 'not of the own party');
    if (unlifted(state.removals, keyOf(x)).length > 0) return refused('R24', 'removed already');
    if ('d' in x && x.s === undefined && x.d !== op.author.device) {
      return refused('R24', 'a device alone revokes only itself');
    }
    return accepted;
  },

  async prove(engine, { cid, op, state }, x) {
    if (x.s === undefined) return accepted;
    const party = state.parties.get(op.author.party);
    const owner = 'm' in x ? undefined : state.members.get(state.devices.get(x.d)?.member ?? '');
    const keys = [party?.certificate.c, owner?.certificate.c].flatMap((c) =>
      c ? [subjectKey(c)] : [],
    );
    const message = devrevMessage(cid, 'm' in x ? { m: x.m } : { d: x.d });
    const signed = await isSignedByOne(engine, keys, message, x.s);
    return signed ? accepted : refused('R24', 'neither the member nor the party signed this');
  },

  apply(state, { op }, x) {
    const removal = { by: op.sid, kind: 'left', votes: [], lifts: [] } as const;
    return { ...state, removals: withRemoval(state.removals, keyOf(x), removal) };
  },
});

function keyOf(x: OneDevice | WholeMember): string {
  return 'm' in x ? subject('member', x.m) : subject('device', x.d);
}

async function isSignedByOne(
  engine: Engine,
  keys: readonly Uint8Array[],
  message: Uint8Array,
  signature: string,
): Promise<boolean> {
  const raw = fromB64u(signature, 64) ?? new Uint8Array(0);
  for (const key of keys) {
    if (await verifyBlob(engine, 'swarm-cert-v1', key, message, raw)) return true;
  }
  return false;
}
