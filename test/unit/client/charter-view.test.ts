import { describe, expect, it } from 'vitest';
import { charterOf, charterView, namesOf } from '#client/charter-view.ts';
import type { MissionDraft, Threshold } from '#client/model.ts';
import { readCharter } from '#protocol/mission/charter.ts';
import { namesHash } from '#protocol/mission/names.ts';

const draft: MissionDraft = {
  name: ' Flood response ',
  purpose: 'Help',
  history: 'join',
  addParty: 'majority',
  close: 'majority',
  wipeAfterHours: 12,
  parties: [
    { name: 'Red', code: 'R' },
    { name: 'Blue', code: 'B' },
  ],
};

describe('a charter from a proposal', () => {
  it('is one that V11 allows, whatever thresholds are chosen', () => {
    const levels: Threshold[] = ['majority', 'two-thirds', 'all'];
    for (const addParty of levels) {
      for (const close of levels) {
        const charter = charterOf({ ...draft, addParty, close }, namesHash('names'));
        expect(readCharter(charter).ok).toBe(true);
        expect(charter.close).toBe(close);
      }
    }
  });

  it('shows what the parties agreed on, in the order of their slots', () => {
    const names = namesOf(draft);
    expect(charterView(charterOf(draft, namesHash('names')), names)).toEqual({
      name: 'Flood response',
      purpose: 'Help',
      parties: [
        { slot: 0, name: 'Red', code: 'R' },
        { slot: 1, name: 'Blue', code: 'B' },
      ],
      history: 'join',
      addParty: 'majority',
      close: 'majority',
      wipeAfterHours: 12,
    });
  });

  it.each([
    ['one party', [{ name: 'Red', code: 'R' }]],
    [
      'two parties of one name',
      [
        { name: 'Red', code: 'R' },
        { name: 'RED', code: 'X' },
      ],
    ],
    [
      'two parties of one code',
      [
        { name: 'Red', code: 'R' },
        { name: 'Rose', code: 'r' },
      ],
    ],
    [
      'a party without a name',
      [
        { name: ' ', code: 'R' },
        { name: 'Blue', code: 'B' },
      ],
    ],
  ])('is refused for %s', (_, parties) => {
    expect(() => namesOf({ ...draft, parties })).toThrow('FOUNDING_DRAFT');
  });
});
