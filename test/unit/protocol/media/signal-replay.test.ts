import { expect, it } from 'vitest';
import { SignalReplay } from '#protocol/media/signal-replay.ts';

const take = (replay: SignalReplay, boot: string, n: number, m: number) =>
  replay.take({ boot, n, m }).ok;

it('a signal is taken once, and gaps are fine (S165)', () => {
  const replay = new SignalReplay();
  expect([take(replay, 'a', 0, 1), take(replay, 'a', 5, 2)]).toEqual([true, true]);
  expect([take(replay, 'a', 5, 2), take(replay, 'a', 4, 3)]).toEqual([false, false]);
});

it('a sender that started again counts from zero', () => {
  const replay = new SignalReplay();
  take(replay, 'a', 9, 1);
  expect(take(replay, 'b', 0, 1)).toBe(true);
});

it('a start that was replaced never comes back', () => {
  const replay = new SignalReplay();
  take(replay, 'a', 9, 1);
  take(replay, 'b', 0, 2);
  expect(take(replay, 'a', 10, 3)).toBe(false);
});

it('an older start that was never seen is refused by its time', () => {
  const replay = new SignalReplay();
  take(replay, 'b', 3, 100);
  expect(take(replay, 'a', 0, 99)).toBe(false);
});

it('a hundred replaced starts neither come back nor fill memory', () => {
  const replay = new SignalReplay();
  for (let i = 0; i < 100; i++) take(replay, `boot ${i}`, 0, i);
  for (let i = 0; i < 99; i++) expect(take(replay, `boot ${i}`, 1, i)).toBe(false);
});

it('a kept mark goes on after a reload', () => {
  const before = new SignalReplay();
  take(before, 'a', 9, 1);
  const after = new SignalReplay(before.mark);
  expect([take(after, 'a', 9, 1), take(after, 'a', 10, 1)]).toEqual([false, true]);
});
