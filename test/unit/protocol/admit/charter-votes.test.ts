import { expect, test } from 'vitest';
import type { Json } from '#protocol/codec/canonical-json.ts';
import { sha512 } from '#protocol/codec/digest.ts';
import { toB32, toB64u } from '#protocol/codec/text-form.ts';
import { seedSigner } from '#protocol/crypto/sign.ts';
import { issueDevice, issueMember } from '#protocol/identity/issue.ts';
import { ruleId, type RuleChange } from '#protocol/mission/rule-change.ts';
import { newcomerMessage } from '#protocol/state/actions/add-party.ts';
import { endUnits } from '#protocol/state/end.ts';
import { contested, leadsOf, recordedBox } from '#protocol/state/mission-state.ts';
import { withdrawMessage } from '#protocol/state/kinds/withdraw.ts';
import type { Op } from '#protocol/state/op.ts';
import { charterOf } from '#protocol/state/rules.ts';
import { leadNamed, seedOf } from '../../../support/people.ts';
import { seededEngine } from '../../../support/protocol-ports.ts';
import { SimDevice, sync } from '../../../support/swarm-simulator/device.ts';
import { asOf } from '../../../support/swarm-simulator/fork.ts';
import { admitted, further, mission, nothing64 } from '../../../support/swarm-simulator/mission.ts';
import { decide, resolve, vote } from '../../../support/swarm-simulator/vote.ts';

type Args = { [key: string]: Json };

async function cast(...names: string[]) {
  const sim = await mission(...names);
  const people = names.map((name) => sim.device(name)) as [SimDevice, SimDevice, SimDevice];
  await sync(...people);
  return { sim, people };
}

const three = ['a@pa', 'b@pb', 'c@pc'];
const stateOf = (of: SimDevice) => of.mission.view().state;

/** A party that comes in, with its lead's device, and what the vote about it brings along. */
async function newcomer(cid: string, name = 'green') {
  const lead = await leadNamed(name);
  const { device: d, member: m, party: p } = lead.chain;
  const s = toB64u(await lead.party.sign('swarm-cert-v1', newcomerMessage(cid, { m, p })));
  return {
    lead,
    motion: { a: 'addparty', c: 'party', u: lead.pfp },
    brings: { new: { d, m, p, s } } as unknown as Args,
    device: () => new SimDevice(name, lead, seededEngine(name)),
  };
}

const changing = (rule: RuleChange) => ({
  a: 'rule',
  c: 'swarm',
  u: ruleId(rule),
  rule: rule as Args,
});

const boxNamed = (name: string) => seedSigner(seedOf(name)).publicKey;
const choosing = (name: string) => ({ a: 'box', c: 'box', u: toB32(boxNamed(name)) });

test('addparty: a party that all let in is a unit, and its lead votes and admits (V11)', async () => {
  const { people, sim } = await cast(...three);
  const { brings, device, lead, motion } = await newcomer(sim.cid);
  await decide(people, motion, brings);
  const green = device();
  await green.pull(people[0]);
  expect(endUnits(stateOf(green))).toContain(lead.pfp);
  expect(leadsOf(stateOf(green), lead.pfp)).toEqual([lead.mfp]);
  const helper = await admitted(green, 'gina@green');
  await sync(...people, green, helper);
  const close = { a: 'close', c: 'swarm', u: sim.cid };
  const [a, b] = people;
  await expect(decide([a, b], close)).rejects.toThrow('R26');
  const votes = [...stateOf(a).ballots.values()].flatMap(({ by }) => a.mission.commit(by) ?? []);
  await green.pull(a);
  const mine = await vote(green, green.mission, close);
  await resolve(green, green.mission, close, [...votes, mine]);
});

test('addparty: one vote less than the charter asks lets nobody in (R26)', async () => {
  const { people, sim } = await cast(...three);
  const { brings, motion } = await newcomer(sim.cid);
  await expect(decide(people.slice(0, 2), motion, brings)).rejects.toThrow('R26');
});

test('addparty: who comes must be who was voted about, whole and willing (R5, R16, R25)', async () => {
  const { people, sim } = await cast(...three);
  const [a] = people;
  const { brings, motion } = await newcomer(sim.cid);
  const other = await newcomer(sim.cid, 'violet');
  const mine = brings['new'] as Args;
  const theirs = other.brings['new'] as Args;
  await expect(decide(people, motion)).rejects.toThrow('R5');
  const votes = [...stateOf(a).ballots.values()].flatMap(({ by }) => a.mission.commit(by) ?? []);
  const attempt = (more: Args) => resolve(a, a.mission, motion, votes, more);
  await expect(attempt(other.brings)).rejects.toThrow('R25');
  await expect(attempt({ new: { ...mine, m: theirs['m'] as Json } })).rejects.toThrow('R16');
  await expect(attempt({ new: { ...mine, d: theirs['d'] as Json } })).rejects.toThrow('R16');
  await expect(attempt({ new: { ...mine, s: nothing64 } })).rejects.toThrow('R16');
  const elsewhere = await newcomer(nothing64.slice(0, 52).toLowerCase());
  await expect(attempt(elsewhere.brings)).rejects.toThrow('R16');
  await expect(attempt({ ...brings, rule: { wait: 1 } })).rejects.toThrow('R5');
  await attempt(brings);
  await expect(vote(a, a.mission, motion)).rejects.toThrow(/R25|V9/);
  const ban = { a: 'ban', c: 'party', u: people[1].keys.pfp };
  const ballot = await vote(a, a.mission, ban);
  await expect(resolve(a, a.mission, ban, [ballot], other.brings)).rejects.toThrow('R5');
});

test('addparty: two who write it down at once with other leads suspend the party until its key says which (V11)', async () => {
  const { people, sim } = await cast(...three);
  const [a, b, c] = people;
  const { brings, lead, motion } = await newcomer(sim.cid);
  const votes = [];
  for (const one of people) votes.push(await vote(one, one.mission, motion));
  await sync(...people);
  const other = await leadNamed('green again');
  const engine = seededEngine('again');
  const m = await issueMember(engine, lead.party, other.member, other.inbox.publicKey);
  const d = await issueDevice(engine, other.member, other.device, other.deviceKey.publicKey);
  const { party: p } = lead.chain;
  const s = toB64u(await lead.party.sign('swarm-cert-v1', newcomerMessage(sim.cid, { m, p })));
  await resolve(a, a.mission, motion, votes, brings);
  await resolve(b, b.mission, motion, votes, { new: { d, m, p, s } } as unknown as Args);
  await sync(...people);
  expect(leadsOf(stateOf(c), lead.pfp)).toEqual([]);
  expect(endUnits(stateOf(c))).toContain(lead.pfp);
  expect(stateOf(c).members.size).toBe(5);
});

test('addparty: a party let in by votes that fall has no standing (V2)', async () => {
  const { people, sim } = await cast('a@pa', 'b@pb');
  const [a, b] = people;
  const { brings, device, lead, motion } = await newcomer(sim.cid);
  for (const one of [a, b]) await vote(one, one.mission, motion, 'against');
  const old = [];
  for (const one of [a, b])
    old.push(await asOf(one, one.mission, one.mission.newest(one.keys.dfp) as Op));
  await sync(a, b);
  await decide([a, b], motion, brings);
  const green = device();
  await green.pull(a);
  const helper = await admitted(green, 'gina@green');
  for (const { device: liar, replica } of old) {
    await vote(liar, replica, motion, 'withdraw');
    await helper.mission.load([...replica.commits()]);
  }
  expect(stateOf(helper).parties.has(lead.pfp)).toBe(false);
  expect(helper.mission.order().hidden.map(({ reason }) => reason)).toContain('no-standing');
});

test('rule: parties change what the charter lets them change, and the change counts at once', async () => {
  const { people, sim } = await cast(...three);
  const [a, b] = people;
  await decide(people, changing({ close: 'all', wait: 100 }));
  expect(charterOf(stateOf(a))).toMatchObject({ close: 'all', wait: 100, ban: 'majority' });
  const close = { a: 'close', c: 'swarm', u: sim.cid };
  await expect(decide([a, b], close)).rejects.toThrow('R26');
});

test('rule: every ballot says what is changed; nothing else can be, nor V11 be broken', async () => {
  const { people } = await cast(...three);
  const [a] = people;
  const { rule, ...hash } = changing({ wait: 100 });
  await expect(vote(a, a.mission, hash)).rejects.toThrow('R5');
  await expect(vote(a, a.mission, { ...hash, rule: { wait: 101 } })).rejects.toThrow('R25');
  await expect(vote(a, a.mission, { ...hash, rule: { n: 2 } })).rejects.toThrow('R5');
  await expect(vote(a, a.mission, { ...hash, rule: {} })).rejects.toThrow('R5');
  await expect(vote(a, a.mission, changing({ wait: 72 }))).rejects.toThrow('R25');
  await expect(vote(a, a.mission, changing({ rule: 'majority' }))).rejects.toThrow('V11');
  const ban = { a: 'ban', c: 'party', u: people[1].keys.pfp, rule };
  await expect(vote(a, a.mission, ban)).rejects.toThrow('R5');
  await vote(a, a.mission, changing({ wait: 100 }));
});

test('rule: of concurrent changes the stricter counts, and V11 holds of both together', async () => {
  const { people } = await cast(...three);
  const [a, b, c] = people;
  const easier = changing({ addparty: 'two-thirds', rule: 'two-thirds', wait: 10 });
  const harder = changing({ ban: 'all', wait: 20 });
  const votes = { easier: [], harder: [] } as { [key: string]: Awaited<ReturnType<typeof vote>>[] };
  for (const one of people) {
    votes['easier']?.push(await vote(one, one.mission, easier));
    votes['harder']?.push(await vote(one, one.mission, harder));
  }
  await sync(...people);
  await resolve(a, a.mission, easier, votes['easier'] ?? [], { rule: easier.rule });
  await resolve(b, b.mission, harder, votes['harder'] ?? [], { rule: harder.rule });
  expect(charterOf(stateOf(a)).rule).toBe('two-thirds');
  await sync(...people);
  for (const one of people)
    expect(charterOf(stateOf(one))).toMatchObject({ ban: 'all', rule: 'all', addparty: 'all', wait: 20 }); // prettier-ignore
  await decide(people, changing({ wait: 5 }));
  expect(charterOf(stateOf(c))).toMatchObject({ ban: 'all', wait: 5 });
});

test('box: parties choose another box; it outranks first records, concurrent choices are contested (A1)', async () => {
  const { people } = await cast(...three);
  const [a, b, c] = people;
  await a.write(a.mission, 'box', { bk: toB64u(boxNamed('one')) });
  await sync(...people);
  await expect(vote(a, a.mission, choosing('one'))).rejects.toThrow('A1');
  await expect(vote(a, a.mission, { ...choosing('two'), c: 'swarm' })).rejects.toThrow('R25');
  await decide(people, choosing('two'));
  expect(recordedBox(stateOf(c))).toBe(toB64u(boxNamed('two')));
  await expect(b.write(b.mission, 'box', { bk: toB64u(boxNamed('x')) })).rejects.toThrow('A1');
  const votes: Awaited<ReturnType<typeof vote>>[][] = [[], []];
  for (const one of people)
    for (const [i, name] of ['three', 'four'].entries())
      votes[i]?.push(await vote(one, one.mission, choosing(name)));
  await sync(...people);
  await resolve(a, a.mission, choosing('three'), votes[0] ?? []);
  await resolve(b, b.mission, choosing('four'), votes[1] ?? []);
  await sync(...people);
  expect(recordedBox(stateOf(c))).toBe(contested);
  await decide(people, choosing('five'));
  expect(recordedBox(stateOf(a))).toBe(toB64u(boxNamed('five')));
});

test('box: a first record kept back does not contest what was chosen (A1)', async () => {
  const { people } = await cast(...three);
  const [a, b, c] = people;
  const c2 = await further(c, 'c2@pc');
  await sync(a, b, c, c2);
  await c2.write(c2.mission, 'box', { bk: toB64u(boxNamed('mine')) });
  await decide(people, choosing('ours'));
  await sync(a, b, c, c2);
  expect(recordedBox(stateOf(a))).toBe(toB64u(boxNamed('ours')));
});

test('update: approved by the parties once, by the hash of its manifest', async () => {
  const { people } = await cast(...three);
  const [a, b] = people;
  const u = toB32(sha512(new TextEncoder().encode('manifest')).subarray(0, 32));
  const motion = { a: 'update', c: 'box', u };
  await expect(vote(a, a.mission, { ...motion, c: 'swarm' })).rejects.toThrow('R25');
  await expect(decide([a], motion)).rejects.toThrow('R26');
  await decide([b, people[2]], motion);
  await a.pull(b);
  expect(stateOf(a).updates).toEqual([u]);
  await expect(vote(a, a.mission, motion)).rejects.toThrow('R25');
});

test('V7b: a mission of one party lets nobody in', async () => {
  const { people, sim } = await cast(...three);
  const [a, b, c] = people;
  await decide([a, b], { a: 'ban', c: 'party', u: c.keys.pfp });
  const s = await b.keys.party.sign('swarm-cert-v1', withdrawMessage(sim.cid, b.keys.pfp));
  await b.write(b.mission, 'withdraw', { s: toB64u(s) });
  await sync(a, b);
  const { brings, motion } = await newcomer(sim.cid);
  await expect(decide([a], motion, brings)).rejects.toThrow('V7');
});
