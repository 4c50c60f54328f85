import { deviceFingerprint, memberFingerprint } from '../codec/fingerprint.ts';
import { fromB64u, toB64u } from '../codec/text-form.ts';
import { subjectKey } from '../identity/certificate.ts';
import type { Certificate, DeviceBody, MemberBody } from '../identity/certificate-form.ts';
import { genesisKey } from '../mission/genesis.ts';
import { accepted, refused, type Verdict } from '../verdict.ts';
import {
  isDeviceEffective,
  isPartyEffective,
  type Member,
  type MissionState,
} from './mission-state.ts';

/** K13: devices in all, of one member, and what each party gets however many there are. */
const mostDevices = 512;
const mostPerMember = 8;
const leastPerParty = 16;

/** L1: devices that ever were, shared out by party: a tree lists the retired, too. */
const mostEver = 2048;

/** K13: room for one more device of this member; keeps epochs writable for everybody. */
export function checkShare(state: MissionState, party: string, member: string): Verdict {
  let ofMember = 0;
  let ofParty = 0;
  let all = 0;
  let ever = 0;
  for (const [device, { member: owner }] of state.devices) {
    if (state.members.get(owner)?.party === party) ever++;
    if (!isDeviceEffective(state, device)) continue;
    all++;
    if (owner === member) ofMember++;
    if (state.members.get(owner)?.party === party) ofParty++;
  }
  const parties = [...state.parties.keys()].filter((pfp) => isPartyEffective(state, pfp)).length;
  const share = Math.max(leastPerParty, Math.floor(mostDevices / Math.max(1, parties)));
  if (ofMember >= mostPerMember) return refused('K13', 'the member has too many devices');
  if (ofParty >= share) return refused('K13', "the party's share of devices is used up");
  if (ever >= Math.floor(mostEver / state.parties.size))
    return refused('L1', 'the party had too many devices');
  return all < mostDevices ? accepted : refused('K13', 'the mission has too many devices');
}

/** L4: people of a mission, those who are gone included; an equal share for each party (L9). */
const mostMembers = 2048;

/** Whether a person with a first device may come in: new, with own keys, and there is room. */
export function checkNewcomer(
  state: MissionState,
  m: Certificate<MemberBody>,
  d: Certificate<DeviceBody>,
): Verdict {
  const { p: party } = m.c;
  const member = memberFingerprint(subjectKey(m.c));
  if (d.c.m !== member) return refused('R16', 'the device is of somebody else');
  if (state.members.has(member) || state.devices.has(deviceFingerprint(subjectKey(d.c))))
    return refused('R24', 'the person or device was here before');
  const own = [...state.members.values()].filter((held) => held.party === party);
  if (own.length >= Math.floor(mostMembers / state.parties.size))
    return refused('L9', "the party's share of people is used up");
  const fresh = checkFresh(state, [m.c.pk, m.c.x, d.c.pk, d.c.x]);
  return fresh.ok ? checkShare(state, party, member) : fresh;
}

/** With one use more of a ticket, unless this person has used it already. */
export function withUse(state: MissionState, serial: string, member: string): MissionState {
  const ticket = state.tickets.get(serial);
  if (ticket === undefined || ticket.admitted.includes(member)) return state;
  const used = { ...ticket, admitted: [...ticket.admitted, member] };
  return { ...state, tickets: new Map(state.tickets).set(serial, used) };
}

/** K10, R24: every key of the mission is used once and never comes back. */
export function checkFresh(state: MissionState, keys: readonly string[]): Verdict {
  const used = usedKeys(state);
  const isFresh = new Set(keys).size === keys.length && !keys.some((key) => used.has(key));
  return isFresh ? accepted : refused('K10', 'a key is in use already');
}

/**
 * With a person's certificate in it; the first introduction stays (B3). One key certified by two
 * parties that did not know of each other is of neither: else who colludes with a second party
 * changes sides, and leaves behind what is decided about the first, by a record on an old place.
 */
export function withMember(
  state: MissionState,
  certificate: Certificate<MemberBody>,
): MissionState {
  const fingerprint = memberFingerprint(subjectKey(certificate.c));
  const held = state.members.get(fingerprint);
  const member = held ? claimed(held, certificate.c.p) : { certificate, party: certificate.c.p };
  if (member === held) return state;
  return { ...state, members: new Map(state.members).set(fingerprint, member) };
}

function claimed(held: Member, by: string): Member {
  const parties = held.claimants ?? [held.party];
  return parties.includes(by) ? held : { ...held, claimants: [...parties, by].sort() };
}

/** With a device's certificate in it; the first introduction stays (B3). */
export function withDevice(
  state: MissionState,
  certificate: Certificate<DeviceBody>,
): MissionState {
  const fingerprint = deviceFingerprint(subjectKey(certificate.c));
  if (state.devices.has(fingerprint)) return state;
  const agreement = fromB64u(certificate.c.x, 32) ?? new Uint8Array(32);
  const device = { certificate, member: certificate.c.m, agreement };
  return { ...state, devices: new Map(state.devices).set(fingerprint, device) };
}

const used = new WeakMap<object, ReadonlySet<string>>();
/** By the arguments of the genesis, which all states share: a key costs milliseconds. */
const genesisKeys = new WeakMap<object, string>();

function usedKeys(state: MissionState): ReadonlySet<string> {
  const known = used.get(state);
  if (known !== undefined) return known;
  // Everybody can compute the secret of the genesis key: its signatures would be deniable.
  const keys = new Set([genesisKeyOf(state)]);
  for (const { certificate } of state.parties.values()) keys.add(certificate.c.pk);
  for (const { certificate } of state.members.values()) {
    keys.add(certificate.c.pk).add(certificate.c.x);
  }
  for (const { certificate, pre } of state.devices.values()) {
    keys.add(certificate.c.pk).add(certificate.c.x);
    if (pre !== undefined) keys.add(pre.x);
  }
  used.set(state, keys);
  return keys;
}

function genesisKeyOf({ genesis }: MissionState): string {
  const known = genesisKeys.get(genesis);
  if (known !== undefined) return known;
  const key = toB64u(genesisKey(genesis));
  genesisKeys.set(genesis, key);
  return key;
}
