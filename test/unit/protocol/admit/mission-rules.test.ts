import { beforeAll, expect, test } from 'vitest';
import type { Json } from '#protocol/codec/canonical-json.ts';
import { deviceFingerprint } from '#protocol/codec/fingerprint.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { scalarKey } from '#protocol/crypto/agreement.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { issueDevice, issueMember } from '#protocol/identity/issue.ts';
import { issueTicket, type TicketTerms } from '#protocol/identity/ticket.ts';
import { genesisArguments, genesisObject } from '#protocol/mission/genesis.ts';
import { foundSignature } from '#protocol/mission/founding-steps.ts';
import { genesisTree } from '#protocol/admit/genesis.ts';
import { missionReplica } from '#protocol/admit/replica.ts';
import { devrevMessage } from '#protocol/state/kinds/devrev.ts';
import { leadsMessage } from '#protocol/state/kinds/leads.ts';
import { withdrawMessage } from '#protocol/state/kinds/withdraw.ts';
import {
  isDeviceEffective,
  isMemberEffective,
  leadsOf,
  recordedBox,
} from '#protocol/state/mission-state.ts';
import { foundingOf } from '../../../support/ceremony.ts';
import { seedOf } from '../../../support/people.ts';
import { nodeEngine, seededEngine } from '../../../support/protocol-ports.ts';
import { SimDevice, sync } from '../../../support/swarm-simulator/device.ts';
import { forge, verdict } from '../../../support/swarm-simulator/forge.ts';
import {
  admitted,
  further,
  mission,
  nothing64,
  type SimMission,
} from '../../../support/swarm-simulator/mission.ts';

type Args = { [key: string]: Json };

let sim: SimMission;
let alice: SimDevice;
let bob: SimDevice;
let carol: SimDevice;

beforeAll(async () => {
  sim = await mission('alice@red', 'bob@blue', 'carol@red');
  [alice, bob, carol] = ['alice@red', 'bob@blue', 'carol@red'].map((name) => sim.device(name)) as [
    SimDevice,
    SimDevice,
    SimDevice,
  ];
});

const refusedBy = async (device: SimDevice, k: string, x?: unknown) =>
  verdict(bob.mission, await forge(device, device.mission, { k, ...(x ? { x: x as Args } : {}) }));

async function newcomer(name: string, of: SimDevice) {
  const engine = seededEngine(name);
  const [member, device] = [seedSigner(seedOf(`${name} m`)), seedSigner(seedOf(`${name} d`))];
  const inbox = scalarKey(seedOf(`${name} i`)).publicKey;
  const m = await issueMember(engine, of.keys.party, member, inbox);
  const d = await issueDevice(engine, member, device, scalarKey(seedOf(`${name} x`)).publicKey);
  return { m, d };
}

const ticket = (of: SimDevice, terms: Partial<TicketTerms> = {}, secret = 'secret') =>
  issueTicket(seededEngine(secret), of.keys.member, seedOf(secret), {
    ...{ cid: sim.cid, party: of.keys.pfp, kind: 'open', uses: 2, rooms: [], delegating: false },
    ...terms,
  });

test('S179: a genesis that is not, byte for byte, the function of its founding is refused (F4, R20)', async () => {
  const { record } = await foundingOf('red', 'blue');
  const args = genesisArguments(record);
  const { object, th } = genesisTree(args);
  const tree = { oid: object.oid, th };
  const honest = genesisObject(args, tree);
  expect((await missionReplica(nodeEngine).admit([honest])).ok).toHaveLength(1);
  const nonce = toB64u(new Uint8Array(32));
  const other = { ...args, nonce };
  const forged = genesisObject(other, {
    oid: genesisTree(other).object.oid,
    th: genesisTree(other).th,
  });
  expect(await verdict(missionReplica(nodeEngine), forged)).toBe('R20');
  const wrongTree = genesisObject(args, { oid: object.oid, th: new Uint8Array(64) });
  expect(await verdict(missionReplica(nodeEngine), wrongTree)).toBe('R12');
  const [first, second] = args.r as [never, never];
  const swapped = { ...args, r: [second, first] };
  const shuffled = genesisObject(swapped, {
    oid: genesisTree(swapped).object.oid,
    th: genesisTree(swapped).th,
  });
  expect(await verdict(missionReplica(nodeEngine), shuffled)).not.toBe('ok');
});

test('nothing is written before all parties have founded (F4), and nobody founds for another', async () => {
  const { leads, record, f } = await foundingOf('north', 'south');
  const args = genesisArguments(record);
  const tree = genesisTree(args);
  const genesis = genesisObject(args, { oid: tree.object.oid, th: tree.th });
  const [north, south] = leads.map((lead, i) => new SimDevice(`${i}`, lead, nodeEngine)) as [
    SimDevice,
    SimDevice,
  ];
  for (const one of [north, south]) await one.mission.admit([genesis]);
  const s = await foundSignature(north.keys.party, f);
  await north.write(north.mission, 'found', { s });
  const bk = toB64u(new Uint8Array(32));
  expect(
    await verdict(south.mission, await forge(south, south.mission, { k: 'found', x: { s } })),
  ).toBe('F4');
  await south.pull(north);
  await expect(north.write(north.mission, 'box', { bk })).rejects.toThrow('F4');
  await expect(north.write(north.mission, 'found', { s })).rejects.toThrow('F4');
  await south.write(south.mission, 'found', { s: await foundSignature(south.keys.party, f) });
  await sync(north, south);
  await north.write(north.mission, 'box', { bk });
  expect(recordedBox(north.mission.view().state)).toBe(bk);
});

test('a device that the mission does not know writes nothing (R16)', async () => {
  const device = seedSigner(seedOf('nobody'));
  const dfp = deviceFingerprint(device.publicKey);
  const stranger = new SimDevice('stranger', { ...alice.keys, device, dfp }, nodeEngine);
  expect(await verdict(bob.mission, await forge(stranger, alice.mission, { k: 'leave' }))).toBe(
    'R16',
  );
});

test('M1: content and child kinds have no place in the mission swarm', async () => {
  expect(await refusedBy(alice, 'add', { m: bob.keys.mfp, r: 'member' })).toBe('R5');
  expect(await refusedBy(alice, 'join', {})).toBe('R5');
});

test('J2: only a lead invites, for the own party and this mission', async () => {
  expect(await refusedBy(carol, 'invite', { t: await ticket(carol) })).toBe('J2');
  expect(await refusedBy(alice, 'invite', { t: await ticket(bob) })).toBe('J2');
  expect(await refusedBy(alice, 'invite', { t: await ticket(alice, { cid: bob.keys.pfp }) })).toBe(
    'J2',
  );
  const good = await ticket(alice);
  const forgedTicket = { ...good, s: toB64u(new Uint8Array(64)) };
  expect(await refusedBy(alice, 'invite', { t: forgedTicket })).toBe('R16');
});

test('an invitation is good for as many as it says, and dead once revoked (J5, J7)', async () => {
  const t = await ticket(alice, { kind: 'person', uses: 1 }, 'once');
  await alice.write(alice.mission, 'invite', { t } as unknown as Args);
  const [one, two] = [await newcomer('one', alice), await newcomer('two', alice)];
  await alice.write(alice.mission, 'admit', { ...one, t: t.c.serial } as unknown as Args);
  await sync(alice, bob, carol);
  expect(await refusedBy(alice, 'admit', { ...two, t: t.c.serial })).toBe('J5');
  const open = await ticket(alice, {}, 'open');
  await alice.write(alice.mission, 'invite', { t: open } as unknown as Args);
  await alice.write(alice.mission, 'revoke', { t: open.c.serial });
  await sync(alice, bob, carol);
  expect(await refusedBy(alice, 'admit', { ...two, t: open.c.serial })).toBe('J7');
  expect(await refusedBy(bob, 'revoke', { t: t.c.serial })).toBe('J7');
});

test('J4: a lead admits people of the own party only, with certificates that verify', async () => {
  const { d, m } = await newcomer('three', alice);
  expect(await refusedBy(bob, 'admit', { d, m })).toBe('J4');
  expect(await refusedBy(carol, 'admit', { d, m })).toBe('J4');
  const other = await newcomer('four', alice);
  expect(await refusedBy(alice, 'admit', { d: other.d, m })).toBe('R16');
  expect(await refusedBy(alice, 'admit', { d, m: { ...m, s: nothing64 } })).toBe('R16');
});

test('S72, K10: a person, device or key that was here before is not introduced again', async () => {
  const again = await newcomer('one', alice);
  expect(await refusedBy(alice, 'admit', again)).toBe('R24');
  const engine = seededEngine('clone');
  const member = seedSigner(seedOf('clone'));
  const inbox = scalarKey(seedOf('clone i')).publicKey;
  const m = await issueMember(engine, alice.keys.party, member, inbox);
  const taken = alice.keys.deviceKey.publicKey;
  const d = await issueDevice(engine, member, seedSigner(seedOf('clone d')), taken);
  expect(await refusedBy(alice, 'admit', { d, m })).toBe('K10');
});

test('S69: a new device introduces itself; another member cannot enrol it (R24)', async () => {
  const carol2 = await further(carol, 'carol2@red');
  await sync(carol, carol2, bob, alice);
  expect(isDeviceEffective(bob.mission.view().state, carol2.keys.dfp)).toBe(true);
  const d = await issueDevice(
    seededEngine('accomplice'),
    carol.keys.member,
    seedSigner(seedOf('accomplice')),
    scalarKey(seedOf('accomplice x')).publicKey,
  );
  expect(await refusedBy(bob, 'devadd', { d })).toBe('R24');
});

test('S70, S71: a device retires itself; a sibling needs the member key', async () => {
  const carol3 = await further(carol, 'carol3@red');
  await sync(carol, carol3, bob);
  expect(await refusedBy(carol, 'devrev', { d: carol3.keys.dfp })).toBe('R24');
  expect(await refusedBy(carol, 'devrev', { d: carol3.keys.dfp, s: nothing64 })).toBe('R24');
  expect(await refusedBy(bob, 'devrev', { d: carol3.keys.dfp })).toBe('R24');
  const message = devrevMessage(sim.cid, { d: carol3.keys.dfp });
  const s = toB64u(await carol.keys.member.sign('swarm-cert-v1', message));
  await carol.write(carol.mission, 'devrev', { d: carol3.keys.dfp, s });
  await sync(carol, carol3, bob);
  expect(isDeviceEffective(bob.mission.view().state, carol3.keys.dfp)).toBe(false);
  await expect(carol3.write(carol3.mission, 'leave')).rejects.toThrow('R17');
});

test('V11: leads are named by the party key, numbered, and two lists with one number silence the party', async () => {
  const people = [alice.keys.mfp, carol.keys.mfp].sort();
  const list = async (n: number, m: string[]) => {
    const s = await alice.keys.party.sign(
      'swarm-cert-v1',
      leadsMessage(sim.cid, { m, n, p: alice.keys.pfp }),
    );
    return { m, n, p: alice.keys.pfp, s: toB64u(s) };
  };
  await sync(alice, bob, carol);
  expect(await refusedBy(alice, 'leads', await list(2, people))).toBe('V11');
  expect(await refusedBy(alice, 'leads', { ...(await list(1, people)), s: nothing64 })).toBe('V11');
  expect(await refusedBy(bob, 'leads', await list(1, people))).toBe('V11');
  await alice.write(alice.mission, 'leads', await list(1, people));
  await carol.write(carol.mission, 'leads', await list(1, [carol.keys.mfp]));
  await sync(alice, bob, carol);
  expect(leadsOf(bob.mission.view().state, alice.keys.pfp)).toEqual([]);
  await alice.write(alice.mission, 'leads', await list(2, people));
  await sync(alice, bob, carol);
  expect(leadsOf(bob.mission.view().state, alice.keys.pfp)).toEqual(people);
});

test('A1: the first record of the box is free, a change is not', async () => {
  const bk = toB64u(new Uint8Array(32).fill(1));
  expect(await refusedBy(carol, 'box', { bk: 'short' })).toBe('R5');
  await alice.write(alice.mission, 'box', { bk });
  await sync(alice, bob, carol);
  expect(await refusedBy(bob, 'box', { bk: toB64u(new Uint8Array(32).fill(2)) })).toBe('A1');
});

test('a party removes its own people by its key, and withdraws by its key (M9, V7b)', async () => {
  const dora = await admitted(bob, 'dora@blue');
  await sync(alice, bob, dora);
  const { mfp } = dora.keys;
  expect(await refusedBy(alice, 'devrev', { all: 1, m: mfp, s: nothing64 })).toBe('R24');
  expect(await refusedBy(bob, 'devrev', { all: 1, m: mfp, s: nothing64 })).toBe('R24');
  const s = toB64u(await bob.keys.party.sign('swarm-cert-v1', devrevMessage(sim.cid, { m: mfp })));
  await bob.write(bob.mission, 'devrev', { all: 1, m: mfp, s });
  expect(isMemberEffective(bob.mission.view().state, mfp)).toBe(false);
  const w = toB64u(
    await bob.keys.party.sign('swarm-cert-v1', withdrawMessage(sim.cid, bob.keys.pfp)),
  );
  expect(await refusedBy(bob, 'withdraw', { s: nothing64 })).toBe('R23');
  await bob.write(bob.mission, 'withdraw', { s: w });
  await sync(alice, bob);
  await expect(bob.write(bob.mission, 'leave')).rejects.toThrow('R17');
  const { d, m } = await newcomer('after', alice);
  await expect(alice.write(alice.mission, 'admit', { d, m } as unknown as Args)).rejects.toThrow(
    'V7',
  );
});
