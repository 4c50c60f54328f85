import type { Json } from '#protocol/codec/canonical-json.ts';
import { deviceFingerprint, memberFingerprint } from '#protocol/codec/fingerprint.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { issue } from '#protocol/identity/certificate.ts';
import { applyAsMember, issueDevice, issueMember } from '#protocol/identity/issue.ts';
import {
  issueTicket,
  ticketKeys,
  ticketSerial,
  type TicketTerms,
} from '#protocol/identity/ticket.ts';
import { seedOf } from '../people.ts';
import { seededEngine } from '../protocol-ports.ts';
import { SimDevice } from './device.ts';

type Args = { [key: string]: Json };

/** A printed sheet that lets so many people in without a lead. */
export async function sheet(
  lead: SimDevice,
  name: string,
  more: Partial<TicketTerms> = {},
): Promise<{ secret: Uint8Array; serial: string }> {
  const secret = seedOf(`sheet ${name}`);
  const terms: TicketTerms = {
    cid: lead.mission.cid as string,
    party: lead.keys.pfp,
    kind: 'open',
    uses: 1,
    rooms: [],
    delegating: true,
    ...more,
  };
  const t = await issueTicket(lead.engine, lead.keys.member, secret, terms);
  await lead.write(lead.mission, 'invite', { t } as unknown as Args);
  return { secret, serial: ticketSerial(secret) };
}

/** Somebody who scanned the sheet, knows what `from` knows, and has not joined yet. */
export async function scanner(
  name: string,
  from: SimDevice,
  { secret, serial }: { secret: Uint8Array; serial: string },
  guestOf?: readonly string[],
) {
  const engine = seededEngine(`device ${name}`);
  const [member, device] = [seedSigner(seedOf(`${name} m`)), seedSigner(seedOf(`${name} d`))];
  const [inbox, deviceKey] = [scalarKey(seedOf(`${name} i`)), scalarKey(seedOf(`${name} x`))];
  const of = { party: from.keys.pfp, inbox: inbox.publicKey, ...(guestOf && { guestOf }) };
  const applied = await applyAsMember(engine, member, of);
  const m = await issue(applied, ticketKeys(secret).signer);
  const d = await issueDevice(engine, member, device, deviceKey.publicKey);
  const mfp = memberFingerprint(member.publicKey);
  const dfp = deviceFingerprint(device.publicKey);
  const { party, pfp } = from.keys;
  const keys = { party, member, device, inbox, deviceKey, mfp, dfp, pfp };
  const made = new SimDevice(name, keys, engine);
  await made.pull(from);
  const x = { d, m, t: serial } as unknown as Args;
  return {
    device: made,
    x,
    join: () => made.write(made.mission, 'join', x),
    /** What a lead writes to admit this very person for good. */
    admission: async () => ({ d, m: await issue(applied, party), t: serial }) as unknown as Args,
    /** The same person with a certificate that the party made anew. */
    again: async () =>
      ({ d, m: await issueMember(engine, party, member, inbox.publicKey) }) as unknown as Args,
  };
}
