import { describe, expect, it } from 'vitest';
import { callNotes, ongoing, type CallMark } from '#client/calls/call-log.ts';

const mark = (sid: string, t: CallMark['t'], device: string, rest: Partial<CallMark> = {}) => ({
  sid,
  t,
  conf: 'c',
  device,
  author: 'somebody',
  atMs: 0,
  ...rest,
});
const here = (): boolean => true;
const start = mark('1', 'call-start', 'host');

describe('a conference of the log', () => {
  it('is on from its start until the same device ends it (S122)', () => {
    expect(ongoing([start], here)).toEqual([start]);
    expect(ongoing([start, mark('2', 'call-end', 'host')], here)).toEqual([]);
  });

  it('is not ended by anybody else (S126)', () => {
    expect(ongoing([start, mark('2', 'call-end', 'stranger')], here)).toEqual([start]);
  });

  it('ends for all without a commit when its host was removed (S124)', () => {
    expect(ongoing([start], (device) => device !== 'host')).toEqual([]);
  });

  it('stays apart from one that was started at the same time (S123)', () => {
    const other = mark('2', 'call-start', 'other', { conf: 'd' });
    expect(ongoing([start, other], here)).toHaveLength(2);
  });

  it('is one line, with its length when it has ended (S122)', () => {
    const end = mark('2', 'call-end', 'host', { ms: 60_000 });
    const notes = callNotes([start, end], here);
    expect([...notes]).toEqual([['1', { kind: 'conference', state: 'ended', durationMs: 60_000 }]]);
  });
});

it('a call between two is the one line that the caller wrote (S125)', () => {
  const notes = callNotes(
    [
      mark('1', 'call-end', 'a', { ms: 5_000 }),
      mark('2', 'call-end', 'a', { conf: 'd', ms: 0, why: 'declined' }),
      mark('3', 'call-end', 'a', { conf: 'e', ms: 0, why: 'lost' }),
    ],
    here,
  );
  expect([...notes.values()].map(({ state }) => state)).toEqual(['ended', 'declined', 'no-answer']);
});
