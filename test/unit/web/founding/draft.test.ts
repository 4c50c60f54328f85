import { describe, expect, test } from 'vitest';
import type { MissionDraft } from '#client/model.ts';
import { checkDraft, longest, suggestCode, tidy } from '../../../../web/founding/draft.ts';
import { lookOf } from '../../../../web/founding/look-alike.ts';
import { templates, unusualRules } from '../../../../web/mission/charter-lines.ts';

const good: MissionDraft = {
  name: 'Flood response',
  purpose: 'Bring water to the villages.',
  parties: [
    { name: 'Red', code: 'R' },
    { name: 'Blue', code: 'B' },
  ],
  history: 'all',
  addParty: 'all',
  close: 'all',
  wipeAfterHours: 24,
};
const mistakes = (change: Partial<MissionDraft>) =>
  checkDraft({ ...good, ...change }).map(({ what }) => what);
const parties = (...names: [string, string][]) => ({
  parties: names.map(([name, code]) => ({ name, code })),
});

describe('a draft', () => {
  test('with everything in it has no mistake', () => {
    expect(checkDraft(good)).toEqual([]);
  });

  test('needs a name, a purpose and two parties', () => {
    expect(mistakes({ name: '  ' })).toEqual(['noName']);
    expect(mistakes({ purpose: '\n' })).toEqual(['noPurpose']);
    expect(mistakes(parties(['Red', 'R']))).toEqual(['fewParties']);
  });

  test('refuses two parties with one name or one code', () => {
    expect(mistakes(parties(['Red', 'R'], ['Red', 'B']))).toEqual(['samePartyName']);
    expect(mistakes(parties(['Red', 'R'], ['Rust', 'r']))).toEqual(['sameCode']);
  });

  test('refuses codes that only look different, in another script', () => {
    expect(mistakes(parties(['Red', 'B'], ['Blue', 'В']))).toEqual(['sameCode']);
  });

  test('refuses a code of no or of three letters', () => {
    expect(mistakes(parties(['Red', ''], ['Blue', 'BLU']))).toEqual(['noCode', 'noCode']);
  });

  test('warns of a party that is made to look like another, without forbidding it', () => {
    const [found] = checkDraft({ ...good, ...parties(['Red Cross', 'R'], ['Rеd Cr0ss', 'X']) });
    expect(found).toMatchObject({ what: 'lookAlike', row: 1, other: 'Red Cross', isWarning: true });
  });

  test('may not make adding a party easier than closing (V11)', () => {
    expect(mistakes({ addParty: 'majority', close: 'two-thirds' })).toEqual(['weakRule']);
    expect(mistakes({ addParty: 'two-thirds', close: 'majority' })).toEqual([]);
  });

  test('counts letters as people do', () => {
    const family = '👨‍👩‍👧‍👦'.repeat(longest.name);
    expect(mistakes({ name: family })).toEqual([]);
    expect(mistakes({ name: `${family}x` })).toEqual(['nameLong']);
  });

  test('is proposed without stray spaces and with codes in capitals', () => {
    const tidied = tidy({ ...good, name: ' Flood \n response ', ...parties([' Red', 'r']) });
    expect(tidied.name).toBe('Flood response');
    expect(tidied.parties).toEqual([{ name: 'Red', code: 'R' }]);
  });
});

test('every template keeps its own rules', () => {
  for (const template of templates) expect(mistakes(template), template.name).toEqual([]);
});

test('rules that no fitting template has are marked', () => {
  const party = { slot: 0, name: 'Red', code: 'R' };
  const charter = { ...good, parties: [party, { ...party, slot: 1 }] };
  expect(unusualRules(charter)).toEqual(new Set());
  expect(unusualRules({ ...charter, close: 'majority', wipeAfterHours: 1 })).toEqual(
    new Set(['close', 'wipeAfterHours']),
  );
});

test('a code is suggested from the name and never one that is taken', () => {
  expect(suggestCode('Red', [])).toBe('R');
  expect(suggestCode('Rust', ['R'])).toBe('RU');
  expect(suggestCode('  ', [])).toBe('');
  expect(suggestCode('Червоні', [])).toBe('Ч');
});

test('names that a hurried reader takes for the same have the same look', () => {
  for (const twin of ['red cross', 'RED CR0SS', 'Rеd  Cross', 'Red-Cross', 'Réd Cross'])
    expect(lookOf(twin)).toBe(lookOf('Red Cross'));
  expect(lookOf('Red Cross')).not.toBe(lookOf('Red Crescent'));
  expect(lookOf('burn')).toBe(lookOf('bum'));
});
