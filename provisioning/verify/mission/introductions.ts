import type { JsonObject } from '../bytes/canonical-json.ts';
import { fingerprintOf } from '../bytes/hash.ts';
import type { Op } from '../graph/op.ts';
import type { Founding } from '../identity/founding.ts';

/** A person as introduced; `by` are the commits that did, none for founders. */
export interface KnownMember {
  readonly party: string;
  readonly pk: Uint8Array;
  readonly certificate: JsonObject;
  readonly claimed: Set<string>;
  readonly by: Op[];
}

/** A device as introduced. */
export interface KnownDevice {
  readonly member: string;
  readonly pk: Uint8Array;
  readonly certificate: JsonObject;
  readonly by: Op[];
}

/** A party as introduced, with the lead it began with. */
export interface KnownParty {
  readonly pk: Uint8Array;
  readonly certificate: JsonObject;
  readonly lead: string;
  /** Leads that resolutions let it in with; none for a founding party. */
  readonly leads: { m: string; op: Op }[];
  readonly by: Op[];
}

/** Everybody introduced by some commits. */
export interface Introductions {
  readonly parties: Map<string, KnownParty>;
  readonly members: Map<string, KnownMember>;
  readonly devices: Map<string, KnownDevice>;
}

/** Who is who among these commits, in order; the first introduction gives the certificate (B3). */
export function introductions(founding: Founding, ops: readonly Op[]): Introductions {
  const members = new Map<string, KnownMember>();
  const devices = new Map<string, KnownDevice>();
  const parties = new Map<string, KnownParty>();
  for (const { device, lead, party } of founding.founders) {
    const { json, mfp, pk } = lead;
    const claimed = new Set([party.pfp]);
    parties.set(party.pfp, { pk: party.pk, certificate: party.json, lead: mfp, leads: [], by: [] });
    members.set(mfp, { party: party.pfp, pk, certificate: json, claimed, by: [] });
    devices.set(device.dfp, { member: mfp, pk: device.pk, certificate: device.json, by: [] });
  }
  for (const op of ops) {
    const added = op.k === 'resolve' ? (op.x['new'] as JsonObject | undefined) : undefined;
    if (added !== undefined) {
      addParty(parties, added['p'] as JsonObject, added['m'] as JsonObject, op);
      addMember(members, added['m'] as JsonObject, op);
      addDevice(devices, added['d'] as JsonObject, op);
    }
    if (op.k === 'admit' || op.k === 'join') addMember(members, op.x['m'] as JsonObject, op);
    const isDevice = ['admit', 'join', 'devadd'].includes(op.k);
    if (isDevice && op.x['d'] !== undefined) addDevice(devices, op.x['d'] as JsonObject, op);
  }
  return { parties, members, devices };
}

function addParty(
  parties: Map<string, KnownParty>,
  certificate: JsonObject,
  member: JsonObject,
  op: Op,
): void {
  const pk = Buffer.from((certificate['c'] as { pk: string }).pk, 'base64url');
  const lead = Buffer.from((member['c'] as { pk: string }).pk, 'base64url');
  const pfp = fingerprintOf('fp-party', pk);
  const made = parties.get(pfp);
  const m = fingerprintOf('fp-member', lead);
  if (made === undefined)
    parties.set(pfp, { pk, certificate, lead: m, leads: [{ m, op }], by: [op] });
  else {
    made.leads.push({ m, op });
    made.by.push(op);
  }
}

function addMember(members: Map<string, KnownMember>, certificate: JsonObject, op: Op): void {
  const { p, pk } = certificate['c'] as { p: string; pk: string };
  const key = Buffer.from(pk, 'base64url');
  const mfp = fingerprintOf('fp-member', key);
  const made = members.get(mfp);
  if (made === undefined) {
    members.set(mfp, { party: p, pk: key, certificate, claimed: new Set([p]), by: [op] });
  } else {
    made.claimed.add(p);
    if (made.by.length > 0) made.by.push(op);
  }
}

function addDevice(devices: Map<string, KnownDevice>, certificate: JsonObject, op: Op): void {
  const { m, pk } = certificate['c'] as { m: string; pk: string };
  const key = Buffer.from(pk, 'base64url');
  const dfp = fingerprintOf('fp-device', key);
  const made = devices.get(dfp);
  if (made === undefined) devices.set(dfp, { member: m, pk: key, certificate, by: [op] });
  else if (made.by.length > 0 && made.member === m) made.by.push(op);
}
