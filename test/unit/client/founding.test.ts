import { afterEach, describe, expect, it } from 'vitest';
import type { FoundingRecord } from '#client/founding-record.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { foldFounding } from '#protocol/mission/ceremony.ts';
import { foundingSigner, type FoundingRecord as Founded } from '#protocol/mission/founding.ts';
import { FakeFounding } from '../../support/client/fake-founding.ts';
import { nodeEngine } from '../../../appliance/terminal/platform/node-engine.ts';
import {
  cidOf,
  founder,
  proposal,
  stopFounders,
  twoFounders,
} from '../../support/client/two-founders.ts';
import { until } from '../../support/until.ts';

afterEach(stopFounders);

describe('the founding', () => {
  it('brings both parties to one safety code and, after both signed, to one mission', async () => {
    const { box, red, blue } = twoFounders();
    expect(red.founding.view()).toMatchObject({
      step: 'party',
      charter: { name: 'Flood response' },
    });
    await red.take(0, 'Rosa');
    expect(red.founding.view().step).toBe('gathering');
    await blue.take(1, 'Bela');
    await Promise.all([red.step('code'), blue.step('code')]);
    expect(red.founding.view().code).toEqual(blue.founding.view().code);
    expect(red.founding.view().code?.digits).toMatch(/^\d{20}$/);
    await red.compare(true);
    await blue.compare(true);
    await red.sign();
    expect(red.founding.view().step).toBe('waiting');
    expect(red.founded()).toBeUndefined();
    await blue.sign();
    await until('both signed', () => red.founding.view().signed.length === 2);
    const key = foundingSigner(red.fk).publicKey;
    const ceremony = await foldFounding(nodeEngine, red.draft, key, box.posts);
    box.cid = cidOf(ceremony.record as Founded);
    box.changed();
    await Promise.all([red.step('founded'), blue.step('founded')]);
    expect(red.founding.view().compared).toEqual([0, 1]);
    expect(cidOf(blue.founded() as Founded)).toBe(box.cid);
  });

  it('shows no code before every party has revealed', async () => {
    const { red } = twoFounders();
    await red.take(0, 'Rosa');
    await until('committed', () => red.founding.view().taken.length === 1);
    expect(red.founding.view().code).toBeUndefined();
  });

  it('ends for both when one says that the code differs, and nobody signs', async () => {
    const { red, blue } = twoFounders();
    await red.take(0, 'Rosa');
    await blue.take(1, 'Bela');
    await Promise.all([red.step('code'), blue.step('code')]);
    await red.compare(false);
    await blue.ended('FOUNDING_DIFFERS');
    expect(red.founding.view().ended?.code).toBe('FOUNDING_DIFFERS');
    await expect(blue.sign()).rejects.toMatchObject({ problem: { code: 'FOUNDING_STEP' } });
  });

  it('ends without a code when the box swaps the reveal of a party', async () => {
    const stranger = nodeEngine.random(32);
    const { red, blue } = twoFounders((posts) =>
      posts.map((entry) =>
        entry.post.t === 'reveal' && 'rho' in entry.post
          ? { ...entry, post: { ...entry.post, rho: toB64u(stranger) } }
          : entry,
      ),
    );
    await red.take(0, 'Rosa');
    await blue.take(1, 'Bela');
    await red.step('code');
    // A changed post is not one by the founding key any more, so Blue sees no reveal at all.
    await until('blue has committed', () => blue.founding.view().step === 'gathering');
    expect(blue.founding.view().code).toBeUndefined();
  });

  it('ends when the box, with the join code in hand, shows a founder another party', async () => {
    const box = new FakeFounding();
    const from = proposal();
    box.draft = { d: from.draft, fpk: '', names: '' };
    const fk = nodeEngine.random(32);
    // The box runs a puppet of its own as "Red" and hides the real Red from Blue.
    const puppetBox = new FakeFounding();
    puppetBox.draft = box.draft;
    const red = founder(box, from, fk);
    await red.take(0, 'Rosa');
    const puppet = founder(puppetBox, from, fk);
    await puppet.take(0, 'Puppet');
    const blue = founder(box, from, fk, (posts) => [
      ...puppetBox.posts.filter(({ post }) => post.t === 'commit'),
      ...posts.slice(1),
    ]);
    await blue.take(1, 'Bela');
    // Blue reveals for the list it was shown, and its signature tells Red that it is another.
    await red.ended('FOUNDING_CHEATED');
    expect(red.founding.view().code).toBeUndefined();
    expect(blue.founding.view().code).toBeUndefined();
  });

  it('gives two parties that were wholly kept apart two different codes', async () => {
    const from = proposal();
    const fk = nodeEngine.random(32);
    const [left, right] = [new FakeFounding(), new FakeFounding()];
    left.draft = right.draft = { d: from.draft, fpk: '', names: '' };
    const red = founder(left, from, fk);
    const falseBlue = founder(left, from, fk);
    const falseRed = founder(right, from, fk);
    const blue = founder(right, from, fk);
    await Promise.all([
      red.take(0, 'R'),
      falseBlue.take(1, 'x'),
      falseRed.take(0, 'y'),
      blue.take(1, 'B'),
    ]);
    await Promise.all([red.step('code'), blue.step('code')]);
    expect(red.founding.view().code?.digits).not.toBe(blue.founding.view().code?.digits);
  });

  it('tells both that two devices founded for one party', async () => {
    const { red, blue } = twoFounders();
    await Promise.all([red.take(0, 'Rosa'), blue.take(0, 'Bela')]);
    await Promise.all([red.ended('FOUNDING_SAME_PARTY'), blue.ended('FOUNDING_SAME_PARTY')]);
  });

  it('founds nothing when the box names another mission than the one of this founding', async () => {
    const { box, red, blue } = twoFounders();
    await red.take(0, 'Rosa');
    await blue.take(1, 'Bela');
    await Promise.all([red.step('code'), blue.step('code')]);
    await Promise.all([red.compare(true), blue.compare(true)]);
    await Promise.all([red.sign(), blue.sign()]);
    await until('both signed', () => red.founding.view().signed.length === 2);
    box.cid = 'a'.repeat(52);
    box.changed();
    await red.ended('FOUNDING_CHEATED');
    expect(red.founded()).toBeUndefined();
  });

  it('keeps keys and commitment on disk before anything of it is sent', async () => {
    const { box, red } = twoFounders();
    let keptFirst: unknown;
    const add = box.add.bind(box);
    box.add = (entry) => {
      keptFirst ??= red.vault.get<FoundingRecord>('founding');
      add(entry);
    };
    await red.take(0, 'Rosa');
    const kept = (await keptFirst) as FoundingRecord;
    expect(kept.mine?.displayName).toBe('Rosa');
  });

  it('ends with the reason when another founding took its place, but not after a signature', async () => {
    const { box, red, blue } = twoFounders();
    await red.take(0, 'Rosa');
    await blue.take(1, 'Bela');
    for (const one of [red, blue]) {
      await one.step('code');
      await one.compare(true);
      await one.step('sign');
    }
    await red.sign();
    await red.step('waiting');
    const other = proposal();
    box.draft = { d: other.draft, fpk: '', names: '' };
    box.posts = [];
    box.changed();
    await blue.ended('FOUNDING_REPLACED');
    expect(red.founding.view().ended).toBeUndefined();
  });
});
