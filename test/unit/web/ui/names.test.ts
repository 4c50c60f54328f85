import { expect, test } from 'vitest';
import { cleanName } from '../../../../web/ui/party/clean-name.ts';
import { segments } from '../../../../web/ui/party/ring-geometry.ts';

test('characters that turn or hide text are shown as boxes', () => {
  expect(cleanName('Red\u202Ederc')).toBe('Red□derc');
  expect(cleanName('a\u0000b\nc\u200Bd\u2066e\uFEFF')).toBe('a□b□c□d□e□');
  expect(cleanName('\u{E0041}')).toBe('□');
});

test('names of every script stay as they are, with their joiners', () => {
  for (const name of ['Нора', 'نور', 'می‌خواهم', '中村', 'Zoë O’Neil', '👩‍🚒'])
    expect(cleanName(name)).toBe(name);
});

test('the table has one equal segment for each party and the first at the top', () => {
  for (const count of [2, 3, 4, 12]) {
    const table = segments(count, 64);
    expect(table).toHaveLength(count);
    expect(table[0]).toMatchObject({ x: 100 });
    expect(new Set(table.map(({ path }) => path)).size).toBe(count);
  }
});
