import { describe, expect, test } from 'vitest';
import type { ClosingView, RecordView, VoteView } from '#client/closing-model.ts';
import type { MissionView } from '#client/model.ts';
import {
  closingNeed,
  isPressing,
  mayGoOnWithout,
  needCount,
  votesToCast,
} from '../../../../web/closing/needs.ts';

const vote: VoteView = {
  id: 'v',
  about: { kind: 'close' },
  yes: [1],
  no: [],
  units: [0, 1],
  threshold: 'all',
  needed: 2,
  state: 'open',
  proposedBy: 1,
  canVote: true,
};
const record: RecordView = { fingerprint: '', size: 1, state: 'none', done: 0, total: 1 };
const closing: ClosingView = {
  step: 'record',
  sync: [],
  unsent: 0,
  canGiveUp: false,
  record,
  units: [0, 1, 2, 3],
  agreed: [],
  receipts: [],
  excused: [],
  disputes: [],
  missing: [],
  receipt: 'none',
  canSign: false,
};
const lead = { id: 'me', slot: 0, isLead: true, isMe: true };
const mission = (change: Partial<MissionView>) =>
  ({ me: lead, votes: [], ...change }) as unknown as MissionView;
const needOf = (change: Partial<ClosingView>, me = lead) =>
  closingNeed(mission({ me, closing: { ...closing, ...change } }));

describe('an open vote', () => {
  test('waits for who can vote and has not', () => {
    expect(votesToCast(mission({ votes: [vote] }))).toEqual([vote]);
    const others: readonly VoteView[] = [
      { ...vote, canVote: false },
      { ...vote, mine: 'no' },
      { ...vote, state: 'passed' },
    ];
    expect(votesToCast(mission({ votes: others }))).toEqual([]);
  });

  test('waits for nobody once the mission closes', () => {
    expect(votesToCast(mission({ votes: [vote], closing }))).toEqual([]);
  });
});

describe('the end', () => {
  test('asks for nothing while the mission goes on', () => {
    expect(closingNeed(mission({}))).toBeUndefined();
    expect(needCount(mission({ votes: [vote] }))).toBe(1);
  });

  test('asks for saving, then for the receipt of who can sign, then for patience', () => {
    const held = { ...record, state: 'held' } as const;
    expect(needOf({ step: 'sync' })).toBe('sync');
    expect(needOf({})).toBe('save');
    expect(needOf({ record: { ...record, state: 'damaged' } })).toBe('damaged');
    expect(needOf({ record: held, canSign: true })).toBe('sign');
    expect(needOf({ record: held })).toBe('wait');
    expect(needOf({ record: held, canSign: true, receipt: 'signed' })).toBe('wait');
    expect(needOf({ step: 'wiped' })).toBe('certificate');
    expect(isPressing('sync') || isPressing('wait')).toBe(false);
  });

  test('goes on without a party only by a lead, after the waiting time, and once', () => {
    const held = { ...record, state: 'held' } as const;
    const over = [{ slot: 1, secondsLeft: 0, goOn: [] }];
    const member = { ...lead, isLead: false };
    expect(needOf({ missing: over, step: 'sync' })).toBe('goOn');
    expect(needOf({ missing: over, receipt: 'signed', record: held })).toBe('goOn');
    expect(needOf({ missing: over })).toBe('save');
    expect(mayGoOnWithout({ ...closing, missing: over }, lead)).toEqual([1]);
    expect(mayGoOnWithout({ ...closing, missing: over }, member)).toEqual([]);
    expect(mayGoOnWithout({ ...closing, missing: over, step: 'wiping' }, lead)).toEqual([]);
    const said = [{ slot: 1, secondsLeft: 0, goOn: [0] }];
    const early = [{ slot: 1, secondsLeft: 60, goOn: [] }];
    expect(mayGoOnWithout({ ...closing, missing: said }, lead)).toEqual([]);
    expect(mayGoOnWithout({ ...closing, missing: early }, lead)).toEqual([]);
  });
});
