import { toB64u } from '#protocol/codec/text-form.ts';
import type { Json } from '#protocol/codec/canonical-json.ts';
import { deviceFingerprint, memberFingerprint } from '#protocol/codec/fingerprint.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { genesisTree } from '#protocol/admit/genesis.ts';
import { issue } from '#protocol/identity/certificate.ts';
import { applyAsMember, issueDevice } from '#protocol/identity/issue.ts';
import { foundSignature } from '#protocol/mission/founding-steps.ts';
import { genesisArguments, genesisObject } from '#protocol/mission/genesis.ts';
import { foundingOf } from '../ceremony.ts';
import { seedOf } from '../people.ts';
import { seededEngine } from '../protocol-ports.ts';
import { SimDevice, sync } from './device.ts';

/** A mission in which everything follows from its names. */
export interface SimMission {
  cid: string;
  genesis: Uint8Array;
  /** Leads' devices, by `name@party`. */
  devices: Map<string, SimDevice>;
  device(name: string): SimDevice;
}

/**
 * Founds a mission: the first person of each party leads it, the others are admitted.
 * `mission('alice@red', 'bob@blue', 'carol@red')`. Everybody knows everything at the end.
 */
export async function mission(...names: string[]): Promise<SimMission> {
  const parties = [...new Set(names.map(partyOf))];
  const ceremony = await foundingOf(...parties);
  const args = genesisArguments(ceremony.record);
  const { object, th } = genesisTree(args);
  const genesis = genesisObject(args, { oid: object.oid, th });
  const devices = new Map<string, SimDevice>();
  for (const [i, party] of parties.entries()) {
    const name = names.find((one) => partyOf(one) === party) as string;
    const lead = ceremony.leads[i] as (typeof ceremony.leads)[number];
    devices.set(name, new SimDevice(name, lead, seededEngine(`device ${name}`)));
  }
  const leads = [...devices.values()];
  for (const lead of leads) {
    const answer = await lead.mission.admit([genesis]);
    if (answer.ok.length !== 1) throw new Error(JSON.stringify(answer.no));
    const s = await foundSignature(lead.keys.party, ceremony.f);
    await lead.write(lead.mission, 'found', { s });
  }
  await sync(...leads);
  for (const name of names.filter((one) => !devices.has(one))) {
    const lead = leads.find((one) => partyOf(one.name) === partyOf(name)) as SimDevice;
    devices.set(name, await admitted(lead, name));
    await sync(...devices.values());
  }
  return {
    cid: leads[0]?.mission.cid as string,
    genesis,
    devices,
    device: (name) => {
      const device = devices.get(name);
      if (device === undefined) throw new Error(`nobody is called ${name}`);
      return device;
    },
  };
}

/**
 * A person of the lead's party, admitted by the lead, with a device that knows what the lead
 * knows; with `guestOf` a guest of these conversations.
 */
export async function admitted(
  lead: SimDevice,
  name: string,
  guestOf?: readonly string[],
): Promise<SimDevice> {
  const engine = seededEngine(`device ${name}`);
  const [member, device] = [seedSigner(seedOf(`${name} m`)), seedSigner(seedOf(`${name} d`))];
  const [inbox, deviceKey] = [scalarKey(seedOf(`${name} i`)), scalarKey(seedOf(`${name} x`))];
  const of = { party: lead.keys.pfp, inbox: inbox.publicKey, ...(guestOf && { guestOf }) };
  const m = await issue(await applyAsMember(engine, member, of), lead.keys.party);
  const d = await issueDevice(engine, member, device, deviceKey.publicKey);
  await lead.write(lead.mission, 'admit', { d, m } as unknown as { [key: string]: Json });
  const mfp = memberFingerprint(member.publicKey);
  const dfp = deviceFingerprint(device.publicKey);
  const keys = {
    party: lead.keys.party,
    member,
    device,
    inbox,
    deviceKey,
    mfp,
    dfp,
    pfp: lead.keys.pfp,
  };
  const made = new SimDevice(name, keys, engine);
  await made.pull(lead);
  return made;
}

/** Another device of the same person, introducing itself (§3.3). */
export async function further(of: SimDevice, name: string): Promise<SimDevice> {
  const engine = seededEngine(`device ${name}`);
  const device = seedSigner(seedOf(`${name} d`));
  const deviceKey = scalarKey(seedOf(`${name} x`));
  const d = await issueDevice(engine, of.keys.member, device, deviceKey.publicKey);
  const dfp = deviceFingerprint(device.publicKey);
  const made = new SimDevice(name, { ...of.keys, device, deviceKey, dfp }, engine);
  await made.pull(of);
  await made.write(made.mission, 'devadd', { d } as unknown as { [key: string]: Json });
  return made;
}

/** 64 bytes of nothing, as a hash or signature that is wrong. */
export const nothing64 = toB64u(new Uint8Array(64));

function partyOf(name: string): string {
  return name.slice(name.indexOf('@') + 1);
}
