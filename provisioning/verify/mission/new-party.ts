import { encode, fields, type JsonObject } from '../bytes/canonical-json.ts';
import { isSigned } from '../bytes/sshsig.ts';
import { fromB64u } from '../bytes/text-form.ts';
import { deviceCertificate, memberCertificate, partyCertificate } from '../identity/certificate.ts';
import type { Founder } from '../identity/founding.ts';
import { must } from '../refusal.ts';
import type { MissionState } from './state.ts';

/** A party that the others add: its certificates hold, it wants to, and nothing of it was here before. */
export function checkNewParty(state: MissionState, u: string, value: JsonObject): void {
  const { device, lead, party } = readNewParty(value);
  must(party.pfp === u, 'R26', 'the new party is another than was voted about');
  const said = encode({ cid: state.cid, m: lead.mfp, p: party.pfp, t: 'addparty' });
  const isWilling = isSigned(party.pk, 'swarm-cert-v1', said, fromB64u(value['s'], 64));
  must(isWilling, 'R26', 'the new party did not sign that it wants to take part');
  must(
    !state.members.has(lead.mfp) && !state.devices.has(device.dfp),
    'R24',
    'its lead was here before',
  );
  const keys = [lead.c['x'], device.c['x']] as string[];
  const isNew = keys.every((key) => !state.agreementKeys.has(key)) && keys[0] !== keys[1];
  must(isNew, 'K10', 'a key for boxes was used before');
  must(state.parties.size < 32, 'L4', 'there are as many parties as there may ever be');
}

/** The certificates of a party that a resolution adds. */
export function readNewParty(value: JsonObject): Founder {
  fields(value, ['d', 'm', 'p', 's']);
  const party = partyCertificate(value['p']);
  const lead = memberCertificate(value['m'], party);
  return { party, lead, device: deviceCertificate(value['d'], lead) };
}
