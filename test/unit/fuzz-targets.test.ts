import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { utf8 } from '#protocol/codec/bytes.ts';
import { campaign, Found } from '../support/fuzz/campaign.ts';
import { mustBeSame, type Target } from '../support/fuzz/target.ts';

/** The same inputs in each run, as many as there is time for. */
const seed = 2026;
const seconds = 2;

const names = readdirSync('test/fuzz').flatMap((file) => /^(.+)\.ts$/.exec(file)?.[1] ?? []);

it.each(names)(
  'whatever a stranger sends, %s throws nothing and takes nothing with a second writing',
  async (name) => {
    const { target } = (await import(`../fuzz/${name}.ts`)) as { target: Target };
    const { accepted, rounds } = await campaign(target, seed, seconds);
    expect(rounds).toBeGreaterThan(10);
    expect(accepted).toBeLessThan(rounds);
  },
);

it('a careless reader is found at once, and the seed finds it again', async () => {
  const careless: Target = {
    samples: async () => [utf8('{"a":1}')],
    read: async (input) => {
      const text = new TextDecoder().decode(input);
      if (!text.startsWith('{')) return false;
      mustBeSame(utf8(JSON.stringify(JSON.parse(text))), input);
      return true;
    },
  };
  const find = () => campaign(careless, seed, 30).catch((error: unknown) => error);
  const [first, again] = [await find(), await find()];
  expect(first).toBeInstanceOf(Found);
  expect((again as Found).round).toBe((first as Found).round);
  expect((again as Found).input).toEqual((first as Found).input);
});
