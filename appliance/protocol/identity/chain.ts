import type { Engine } from '../ports.ts';
import { accepted, refused, type Verdict } from '../verdict.ts';
import { subjectKey, verifyCertificate } from './certificate.ts';
import type { Certificate, DeviceBody, MemberBody, PartyBody } from './certificate-form.ts';

/** From a party down to one device of one of its people (SWARM §3.1). */
export interface Chain {
  party: Certificate<PartyBody>;
  member: Certificate<MemberBody>;
  device: Certificate<DeviceBody>;
}

/** R16 for a chain without a ticket in it: each certificate is issued by the one above. */
export async function verifyChain(engine: Engine, chain: Chain): Promise<Verdict> {
  const { party, member, device } = chain;
  const partyKey = subjectKey(party.c);
  const links: [Certificate, Uint8Array][] = [
    [party, partyKey],
    [member, partyKey],
    [device, subjectKey(member.c)],
  ];
  for (const [certificate, issuerKey] of links) {
    const verdict = await verifyCertificate(engine, certificate, issuerKey);
    if (!verdict.ok) return verdict;
  }
  return hasOwnKeys(chain) ? accepted : refused('K10', 'one key serves two purposes');
}

/** A key of one level that is used on another could be talked into that level's signatures. */
function hasOwnKeys({ party, member, device }: Chain): boolean {
  const keys = [party.c.pk, member.c.pk, device.c.pk, member.c.x, device.c.x];
  return new Set(keys).size === keys.length;
}
