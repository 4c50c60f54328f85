import { deviceFingerprint } from '../../codec/fingerprint.ts';
import { b64u, fields, type Guard } from '../../codec/shape.ts';
import { fromB64u } from '../../codec/text-form.ts';
import { isAgreementPoint } from '../../crypto/agreement.ts';
import { subjectKey, verifyCertificate } from '../../identity/certificate.ts';
import {
  isCertificate,
  type Certificate,
  type DeviceBody,
} from '../../identity/certificate-form.ts';
import { accepted, refused, type Verdict } from '../../verdict.ts';
import { checkFresh, checkShare, withDevice } from '../enrolment.ts';
import { kind, type Act } from '../kind.ts';
import type { MissionState } from '../mission-state.ts';

type NewDevice = { d: Certificate<DeviceBody> };
type NewPreKey = { pre: { id: string; x: string } };

const isNewDevice = fields({ d: isCertificate('device') });
const isNewPreKey = fields({ pre: fields({ id: b64u(8), x: b64u(32) }) });
const isDevAdd: Guard<NewDevice | NewPreKey> = (value): value is NewDevice | NewPreKey =>
  isNewDevice(value) || isNewPreKey(value);

/** A further device of a member (§3.3), or a device's newer X25519 key (K15). */
export const devadd = kind<MissionState, NewDevice | NewPreKey>({
  shape: isDevAdd,

  check({ op, state }, x) {
    if ('pre' in x) return checkPreKey(state, x);
    const { c } = x.d;
    if (c.m !== op.author.member) return refused('R24', 'a device of somebody else');
    if (state.devices.has(deviceFingerprint(subjectKey(c)))) {
      return refused('R24', 'the device was here before');
    }
    const fresh = checkFresh(state, [c.pk, c.x]);
    return fresh.ok ? checkShare(state, op.author.party, c.m) : fresh;
  },

  async prove(engine, { op, state }, x) {
    if ('pre' in x) return accepted;
    const member = state.members.get(op.author.member);
    if (member === undefined) return refused('R16', 'an unknown member');
    return verifyCertificate(engine, x.d, subjectKey(member.certificate.c));
  },

  introduces(x, mission) {
    if ('pre' in x) return undefined;
    const party = mission.members.get(x.d.c.m)?.party;
    if (party === undefined) return undefined;
    return { device: deviceFingerprint(subjectKey(x.d.c)), member: x.d.c.m, party };
  },

  apply: (state, act, x) => ('pre' in x ? withPreKey(state, act, x) : withDevice(state, x.d)),
});

function checkPreKey(state: MissionState, { pre }: NewPreKey): Verdict {
  if (!isAgreementPoint(fromB64u(pre.x, 32) as Uint8Array)) return refused('K10', 'a weak pre-key');
  return checkFresh(state, [pre.x]);
}

function withPreKey(state: MissionState, { op }: Act, { pre }: NewPreKey): MissionState {
  const held = state.devices.get(op.author.device);
  if (held === undefined) return state;
  const next = { ...held, agreement: fromB64u(pre.x, 32) as Uint8Array, pre };
  return { ...state, devices: new Map(state.devices).set(op.author.device, next) };
}
