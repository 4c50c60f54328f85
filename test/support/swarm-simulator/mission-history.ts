import type { Json } from '#protocol/codec/canonical-json.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { toB32, toB64u } from '#protocol/codec/text-form.ts';
import { ruleId, type RuleChange } from '#protocol/mission/rule-change.ts';
import { newcomerMessage } from '#protocol/state/actions/add-party.ts';
import { removalsInDispute, reopeningId } from '#protocol/state/actions/reopen.ts';
import { leadsMessage } from '#protocol/state/kinds/leads.ts';
import { withdrawMessage } from '#protocol/state/kinds/withdraw.ts';
import type { Op } from '#protocol/state/op.ts';
import { motionKey } from '#protocol/state/swarm-state.ts';
import { leadNamed, seedOf } from '../people.ts';
import { seededEngine } from '../protocol-ports.ts';
import { all, SimDevice } from './device.ts';
import { asOf } from './fork.ts';
import { scanner, sheet } from './ticket.ts';
import { admitted, further, mission, type SimMission } from './mission.ts';
import { basisOf, resolve, vote, type SimMotion } from './vote.ts';

type Args = { [key: string]: Json };

/** A mission after random decisions in partitions. */
export interface MissionHistory extends SimMission {
  people: SimDevice[];
  /** Refusals of honest writers' own commits that should not have happened. */
  refused: string[];
}

const steps = [
  ...['sync', 'sync', 'sync', 'sync', 'merge', 'banParty', 'banParty', 'banMember', 'unban'],
  ...['rule', 'rule', 'box', 'firstBox', 'update', 'addParty', 'reopen', 'reopen', 'reinstate'],
  ...['leads', 'further', 'admit', 'withdraw', 'devrev', 'fork', 'close'],
  ...['sheet', 'joinAlone', 'joinAlone', 'joinAlone', 'revoke', 'confirm'],
] as const;
type Step = (typeof steps)[number];

/** Steps that end much, taken seldom. */
const rare: ReadonlySet<string> = new Set(['withdraw', 'devrev', 'close', 'fork']);

/** Rules by which an own check may rightly stop an honest client that wants the impossible. */
const expected = /^(R1[3567]|R2[3-6]|R32|V[379]|V1[01]|R5|J[2-7]|L4|L9|A1|K13|R24|not now)/;

/** Honest people deciding things at random, often without knowing of each other. */
export async function randomMission(
  random: () => number,
  length: number,
  hasLiar = false,
): Promise<MissionHistory> {
  const names = ['a@pa', 'b@pb', 'c@pc', 'd@pd', 'e@pb'];
  const sim = await mission(...names);
  const people = names.map((name) => sim.device(name));
  const refused: string[] = [];
  const [sheets, alone]: [Turn['sheets'], Turn['alone']] = [[], []];
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  for (let i = 0; i < length; i++) {
    const step = pick(steps);
    if (rare.has(step) && (random() < 0.7 || (step === 'fork' && !hasLiar))) continue;
    const [who, whom] = [pick(people), pick(people)];
    const voters = people.filter((one) => one !== who && random() < 0.7);
    try {
      await act({ sim, people, sheets, alone, who, whom, voters, pick, i }, step);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!expected.test(why)) refused.push(`${step}: ${why}`);
    }
  }
  return { ...sim, people, refused };
}

interface Turn {
  sim: SimMission;
  people: SimDevice[];
  /** Printed sheets, and who scanned one. */
  sheets: Awaited<ReturnType<typeof sheet>>[];
  alone: Awaited<ReturnType<typeof scanner>>[];
  who: SimDevice;
  whom: SimDevice;
  voters: readonly SimDevice[];
  pick: <T>(list: readonly T[]) => T;
  i: number;
}

async function act(turn: Turn, step: Step): Promise<void> {
  const { alone, i, people, pick, sheets, sim, who, whom } = turn;
  const { keys, mission: own } = who;
  const write = (k: string, x?: Args) => who.write(own, k, x);
  const { state } = own.view();
  switch (step) {
    case 'sync':
      return who.pull(whom);
    case 'merge':
      await write('merge');
      return;
    case 'banParty':
      return decide(turn, { a: 'ban', c: 'party', u: whom.keys.pfp });
    case 'banMember':
      return decide(turn, { a: 'ban', c: 'member', u: whom.keys.mfp });
    case 'unban':
      return decide(turn, { a: 'unban', c: 'party', u: whom.keys.pfp });
    case 'reinstate':
      return decide(turn, { a: 'reinstate', c: 'party', u: whom.keys.pfp });
    case 'rule': {
      const rule: RuleChange = pick([
        { wait: pick([1, 2, 3]) },
        { ban: pick(['majority', 'two-thirds'] as const) },
        { addparty: 'two-thirds', rule: 'two-thirds' },
        { close: pick(['majority', 'all'] as const) },
      ]);
      return decide(turn, { a: 'rule', c: 'swarm', u: ruleId(rule), rule: rule as Args });
    }
    case 'box':
      return decide(turn, { a: 'box', c: 'box', u: toB32(seedOf(pick(['one', 'two']))) });
    case 'firstBox':
      await write('box', { bk: toB64u(seedOf(pick(['one', 'two']))) });
      return;
    case 'update':
      return decide(turn, { a: 'update', c: 'box', u: toB32(seedOf(pick(['v2', 'v3']))) });
    case 'addParty':
      return addParty(turn, pick(['green', 'violet']));
    case 'reopen': {
      const bans = removalsInDispute(state);
      if (bans.length === 0) throw new Error('not now');
      const lift = bans.filter((_, at) => at > 0 || i % 2 === 0);
      const reopen = { keep: bans.filter((sid) => !lift.includes(sid)), lift };
      return decide(turn, { a: 'reopen', c: 'swarm', u: reopeningId(reopen), reopen }, { reopen });
    }
    case 'leads': {
      const m = [...state.members]
        .filter(([, held]) => held.party === keys.pfp)
        .map(([mfp]) => mfp);
      const n = (state.parties.get(keys.pfp)?.leads.n ?? 0) + 1;
      const said = { m: [pick(m), pick(m)].filter((one, at, both) => both.indexOf(one) === at).sort(), n, p: keys.pfp }; // prettier-ignore
      const s = await keys.party.sign('swarm-cert-v1', leadsMessage(sim.cid, said));
      await write('leads', { ...said, s: toB64u(s) });
      return;
    }
    case 'further':
      if (people.length < 10) people.push(await further(who, `${who.name} ${i}`));
      return;
    case 'admit':
      if (people.length < 10) people.push(await admitted(who, `n${i}${who.name}`));
      return;
    case 'sheet':
      sheets.push(await sheet(who, `${i}`));
      return;
    case 'joinAlone': {
      if (sheets.length === 0 || people.length >= 10) throw new Error('not now');
      const made = await scanner(`s${i}`, who, pick(sheets));
      await made.join();
      people.push(made.device);
      alone.push(made);
      return;
    }
    case 'revoke':
      await write('revoke', { t: pick(sheets)?.serial ?? toB64u(new Uint8Array(16)) });
      return;
    case 'confirm':
      await write('admit', (await pick(alone)?.admission()) ?? {});
      return;
    case 'withdraw': {
      const s = await keys.party.sign('swarm-cert-v1', withdrawMessage(sim.cid, keys.pfp));
      await write('withdraw', { s: toB64u(s) });
      return;
    }
    case 'devrev':
      await write('devrev', { d: keys.dfp });
      return;
    case 'fork':
      return lie(turn).catch(() => undefined);
    case 'close':
      return decide(turn, { a: 'close', c: 'swarm', u: sim.cid });
  }
}

/** Votes, and resolves if the open ballots suffice. */
async function decide(turn: Turn, motion: SimMotion, more: Args = {}): Promise<void> {
  const { voters, who } = turn;
  await vote(who, who.mission, motion);
  for (const voter of voters) {
    await voter.pull(who);
    await vote(voter, voter.mission, motion).catch(() => undefined);
    await who.pull(voter);
  }
  const key = motionKey({ ...motion, basis: basisOf(who.mission, motion) });
  const { ballots } = who.mission.view().state;
  const held = [...ballots.values()].filter((one) => motionKey(one.motion) === key);
  const byMember = new Map(held.map(({ by, member }) => [member, by]));
  const commits = [...byMember.values()].flatMap((by) => who.mission.commit(by) ?? []);
  if (commits.length === 0) throw new Error('not now');
  const said = motion.rule === undefined ? more : { ...more, rule: motion.rule };
  await resolve(who, who.mission, motion, commits, said);
}

async function addParty(turn: Turn, name: string): Promise<void> {
  const { people, sim, who } = turn;
  const lead = await leadNamed(name);
  const { device: d, member: m, party: p } = lead.chain;
  const s = toB64u(await lead.party.sign('swarm-cert-v1', newcomerMessage(sim.cid, { m, p })));
  const brings = { new: { d, m, p, s } } as unknown as Args;
  await decide(turn, { a: 'addparty', c: 'party', u: lead.pfp }, brings);
  if (people.some(({ keys }) => keys.dfp === lead.dfp)) return;
  const device = new SimDevice(name, lead, seededEngine(name));
  await device.pull(who);
  people.push(device);
}

/** One of the party that lies goes back to something older and writes a second branch from there. */
async function lie({ people, pick, whom }: Turn): Promise<void> {
  const liar = people[3] as SimDevice;
  const own = liar.mission.order().shown.filter((op) => op.envelope.d === liar.keys.dfp);
  const { device, replica } = await asOf(liar, liar.mission, pick(own) as Op);
  const motion = { a: 'ban', c: 'party', u: pick(people).keys.pfp };
  await vote(device, replica, motion);
  await whom.mission.load([...replica.commits()] as Commit[]);
}

/** Every commit that anybody has. */
export function everythingOf({ people }: Pick<MissionHistory, 'people'>): Commit[] {
  return [...new Map(people.flatMap((one) => all(one.mission)).map((c) => [c.sid, c])).values()];
}
