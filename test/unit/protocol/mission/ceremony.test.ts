import { beforeAll, expect, it } from 'vitest';
import { toB64u } from '#protocol/codec/text-form.ts';
import { foldFounding } from '#protocol/mission/ceremony.ts';
import type { Entry, Post, RevealPost } from '#protocol/mission/founding-post.ts';
import {
  comparedPost,
  commitPost,
  revealPost,
  signPost,
} from '#protocol/mission/founding-steps.ts';
import { foundingSigner } from '#protocol/mission/founding.ts';
import { checkGenesis, genesisArguments } from '#protocol/mission/genesis.ts';
import { safetyCode } from '#protocol/mission/safety-code.ts';
import { foundingOf, type Ceremony } from '../../../support/ceremony.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { seedOf } from '../../../support/people.ts';
import { seeded } from '../../../support/seeded.ts';

let two: Ceremony;
let three: Ceremony;
beforeAll(async () => {
  two = await foundingOf('red', 'blue');
  three = await foundingOf('red', 'blue', 'green');
});

const fold = (of: Ceremony, entries: unknown[]) =>
  foldFounding(nodeEngine, of.draft, of.poster.publicKey, entries);
const last = async (of: Ceremony, entries: unknown[]) => (await fold(of, entries)).verdicts.at(-1);
const posted = (of: Ceremony, post: Post) => signPost(of.poster, post);

it('two parties commit, reveal and found, and both see the F of the record (F1, F3)', async () => {
  const state = await fold(two, [...two.commits, ...two.revealed, ...two.found]);
  expect(state.verdicts.every((verdict) => verdict.ok)).toBe(true);
  expect(state.ended).toBeUndefined();
  expect(state.f).toEqual(two.f);
  expect([...state.found.keys()].sort()).toEqual(two.leads.map(({ pfp }) => pfp).sort());
});

it('the order in which posts of one step arrive changes nothing', async () => {
  const mixed = [
    ...three.commits.toReversed(),
    ...three.revealed.toReversed(),
    ...three.found.toReversed(),
  ];
  expect((await fold(three, mixed)).f).toEqual(three.f);
});

it('there is no F before the last reveal, and no commitment after the last place', async () => {
  const state = await fold(three, [...three.commits, ...three.revealed.slice(0, 2)]);
  expect(state.f).toBeUndefined();
  expect(await last(three, [...three.commits, two.commits[0]])).toMatchObject({ ok: false });
});

it('a reveal before all have committed does not count, and ends nothing', async () => {
  const state = await fold(two, [two.commits[0], two.revealed[0]]);
  expect(state.verdicts[1]).toMatchObject({ ok: false, rule: 'F2' });
  expect(state.ended).toBeUndefined();
});

it('a party that reveals something else than it committed to ends the founding', async () => {
  const [red] = two.leads;
  const swapped = { ...two.reveals[0]!, rho: toB64u(seedOf('another rho')) };
  const state = await fold(two, [...two.commits]);
  const post = await posted(two, await revealPost(red!.party, state.list!, swapped));
  const after = await fold(two, [...two.commits, post, two.revealed[1]]);
  expect(after.ended).toMatchObject({ rule: 'F2', why: 'not what was committed to' });
  expect(after.f).toBeUndefined();
});

it('S180: a key that comes after the commitments is no founder, nor is one put in their place (F1, F2)', async () => {
  const late = await foundingOf('red', 'violet');
  const [red] = two.leads;
  const violet = late.leads[1]!;
  const { list } = await fold(two, two.commits);
  const stranger = await posted(two, await revealPost(violet.party, list!, late.reveals[1]!));
  const state = await fold(two, [...two.commits, stranger]);
  expect(state.verdicts.at(-1)).toMatchObject({ ok: false });
  expect(state.ended).toBeUndefined();
  const { d, m } = late.reveals[1]!;
  const changed = { ...two.reveals[0]!, d, m };
  const swap = await posted(two, await revealPost(red!.party, state.list!, changed));
  const after = await fold(two, [...two.commits, swap, two.revealed[1]]);
  expect(after.ended).toMatchObject({ why: 'not what was committed to' });
  const honest = await fold(two, [...two.commits, stranger, ...two.revealed]);
  expect(honest.f).toEqual(two.f);
});

it('a founder shown another list of commitments ends the founding visibly (F2)', async () => {
  const [red] = two.leads;
  const other = await foundingOf('red', 'yellow');
  const post = await posted(two, await revealPost(red!.party, other.record.l, two.reveals[0]!));
  const state = await fold(two, [...two.commits, post]);
  expect(state.ended).toMatchObject({ rule: 'F2' });
});

it('two parties that choose one slot end the founding', async () => {
  const reveals = two.reveals.map((reveal) => ({ ...reveal, slot: 0 }));
  const commits = await Promise.all(
    two.leads.map(async (lead, i) =>
      posted(two, await commitPost(lead.party, two.draft, reveals[i]!)),
    ),
  );
  const { list } = await fold(two, commits);
  const revealed = await Promise.all(
    two.leads.map(async (lead, i) => posted(two, await revealPost(lead.party, list!, reveals[i]!))),
  );
  const state = await fold(two, [...commits, ...revealed]);
  expect(state.ended).toMatchObject({ rule: 'F3' });
});

it("a commitment that the party's key did not sign is found out when it is revealed", async () => {
  const [red, blue] = two.leads;
  const good = await commitPost(red!.party, two.draft, two.reveals[0]!);
  const forged = await posted(two, {
    ...good,
    sig: (await commitPost(blue!.party, two.draft, two.reveals[0]!)).sig,
  });
  const { list } = await fold(two, [forged, two.commits[1]]);
  const post = await posted(two, await revealPost(red!.party, list!, two.reveals[0]!));
  expect(await last(two, [forged, two.commits[1], post])).toMatchObject({ ok: false, rule: 'F1' });
});

it('a stranger on the network, who has not the founding key, changes nothing', async () => {
  const stranger = foundingSigner(seedOf('stranger'));
  const { post } = two.commits[0]!;
  const state = await fold(two, [
    await signPost(stranger, post),
    await signPost(stranger, { t: 'end', why: 'spoilt' }),
    ...two.commits,
    ...two.revealed,
  ]);
  expect(state.verdicts.slice(0, 2).every((verdict) => !verdict.ok)).toBe(true);
  expect(state.f).toEqual(two.f);
});

it('a founding with a puppet in the place of a party has another code', async () => {
  const puppet = await foundingOf('red', 'puppet');
  expect(safetyCode(puppet.f).digits).not.toBe(safetyCode(two.f).digits);
});

it('a comparison counts only when the party signed it for this F, and "differs" ends it', async () => {
  const all = [...two.commits, ...two.revealed];
  const [red, blue] = two.leads;
  const yes = await posted(two, await comparedPost(red!.party, red!.pfp, two.f, 1));
  const forged = await posted(two, await comparedPost(blue!.party, red!.pfp, two.f, 1));
  const foreign = await posted(two, await comparedPost(red!.party, red!.pfp, three.f, 1));
  const no = await posted(two, await comparedPost(blue!.party, blue!.pfp, two.f, 0));
  const flipped = { post: { ...(no.post as object), ok: 1 } as Post, s: no.s };
  const resigned = await posted(two, flipped.post);
  expect(await last(two, [...all, yes])).toEqual({ ok: true });
  for (const entry of [forged, foreign, flipped, resigned]) {
    expect((await last(two, [...all, entry]))?.ok).toBe(false);
  }
  const state = await fold(two, [...all, yes, no, ...two.found]);
  expect(state.ended).toMatchObject({ rule: 'F5' });
  expect(state.found.size).toBe(0);
});

it('a found commit of another founding, device or signature does not count (S179)', async () => {
  const all = [...two.commits, ...two.revealed];
  for (const entry of [...three.found.slice(0, 2), two.commits[0]!]) {
    expect((await last(two, [...all, entry]))?.ok).toBe(false);
  }
  expect((await last(two, [...all, two.found[0], two.found[0]]))?.ok).toBe(false);
});

it('an end posted by a founder ends it for all', async () => {
  const end = await posted(two, { t: 'end', why: 'cancelled' });
  const state = await fold(two, [two.commits[0], end, two.commits[1]]);
  expect(state.ended?.why).toContain('cancelled');
  expect(state.verdicts[2]?.ok).toBe(false);
});

it('the genesis holds the founding; any other content is refused (R20)', async () => {
  const x = genesisArguments(two.record);
  expect(await checkGenesis(nodeEngine, x)).toEqual({ ok: true });
  const [a, b] = x.l;
  const bent: unknown[] = [
    { ...x, nonce: toB64u(seedOf('free bytes')) },
    { ...x, note: 1 },
    { ...x, mode: 0 },
    { ...x, l: [b, a] },
    { ...x, l: [a, a] },
    { ...x, r: x.r.toReversed() },
    { ...x, r: [x.r[0]] },
    { ...x, d: { ...x.d, session: toB64u(new Uint8Array(16)) } },
    { ...x, d: { ...x.d, charter: { ...x.d.charter, addparty: 'majority' } } },
    { ...x, d: { ...x.d, n: 3 } },
    { ...x, r: [{ ...x.r[0], slot: x.r[1]!.slot }, x.r[1]] },
    { ...x, r: [{ ...x.r[0], rho: x.r[1]!.rho }, x.r[1]] },
    { ...x, r: [{ ...x.r[0], p: x.r[1]!.p }, x.r[1]] },
    null,
    [],
  ];
  for (const value of bent) expect((await checkGenesis(nodeEngine, value)).ok).toBe(false);
});

it('one person cannot stand for two parties (K10)', async () => {
  const [first, second] = two.record.r;
  const doubled = { ...two.record, r: [first!, { ...second!, m: first!.m }] };
  expect((await checkGenesis(nodeEngine, genesisArguments(doubled))).ok).toBe(false);
});

it('bent posts get a verdict, never an exception', async () => {
  const random = seeded(5);
  const all: Entry[] = [...two.commits, ...two.revealed, ...two.found];
  const junk: unknown[] = [
    null,
    1,
    'x',
    [],
    {},
    { post: null, s: '' },
    { post: { t: 'reveal' }, s: 1 },
  ];
  for (let round = 0; round < 150; round++) {
    const copy = JSON.parse(JSON.stringify(all[round % all.length])) as Entry;
    bend(copy as unknown as Record<string, unknown>, random);
    const post = copy.post as RevealPost;
    let again: Entry = copy;
    try {
      again = await signPost(two.poster, post);
    } catch {
      // What cannot be written as canonical JSON cannot be signed either.
    }
    const before = all.slice(0, round % all.length);
    const state = await fold(two, [...before, again, junk[round % junk.length]]);
    expect(state.verdicts.length).toBe(before.length + 2);
  }
});

/** Puts something unexpected at a random place of a nested value. */
function bend(value: Record<string, unknown>, random: () => number): void {
  const keys = Object.keys(value);
  const key = keys[Math.floor(random() * keys.length)] as string;
  const held = value[key];
  if (typeof held === 'object' && held !== null && random() < 0.8) {
    bend(held as Record<string, unknown>, random);
    return;
  }
  const others: unknown[] = [null, -1, '', 'x', [], {}, 2 ** 53, true, 'A'.repeat(100_000)];
  value[key] = others[Math.floor(random() * others.length)];
}
