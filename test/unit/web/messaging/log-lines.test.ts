import { expect, test } from 'vitest';
import type { MessageView } from '#client/model.ts';
import {
  drawnIn,
  firstUnread,
  logLines,
  newerBy,
  windowAt,
  type LogWindow,
} from '../../../../web/messaging/log-lines.ts';

const noon = new Date(2026, 10, 21, 12).getTime();
const message = (sid: string, change: Partial<MessageView> = {}): MessageView => ({
  sid,
  kind: 'text',
  author: 'noor',
  name: 'Noor',
  slot: 1,
  isMine: false,
  text: sid,
  atMs: noon,
  delivery: 'sent',
  isLate: false,
  isEdited: false,
  isDeleted: false,
  reactions: [],
  ...change,
});
const kinds = (messages: readonly MessageView[], newFrom?: string) =>
  logLines(messages, newFrom).map((line) => (line.kind === 'message' ? line.key : line.kind));

test('each day has one mark before its first message', () => {
  const next = noon + 86_400_000;
  expect(kinds([message('a'), message('b'), message('c', { atMs: next })])).toEqual([
    'day',
    'a',
    'b',
    'day',
    'c',
  ]);
});

test('messages that arrived later stand under one band, named if they are of one person', () => {
  const late = { isLate: true, atMs: noon - 3_600_000, author: 'leila', name: 'Leila' };
  const lines = logLines(
    [message('a'), message('b', late), message('c', late), message('d')],
    undefined,
  );
  expect(lines.map(({ kind }) => kind)).toEqual([
    'day',
    'message',
    'late',
    'message',
    'message',
    'message',
  ]);
  expect(lines[2]).toMatchObject({ name: 'Leila' });
  const mixed = logLines(
    [message('b', late), message('c', { ...late, author: 'marc' })],
    undefined,
  );
  expect(mixed[0]).not.toHaveProperty('name');
});

test('a late message of another day does not tear the day apart', () => {
  const late = { isLate: true, atMs: noon - 86_400_000 * 2 };
  expect(kinds([message('a'), message('b', late), message('c')])).toEqual([
    'day',
    'a',
    'late',
    'b',
    'c',
  ]);
});

test('the mark of new messages stands before the first unread one of others', () => {
  const log = [
    message('a'),
    message('b'),
    message('mine', { isMine: true, author: 'me' }),
    message('c'),
  ];
  expect(firstUnread(log, 2)).toBe('b');
  expect(firstUnread(log, 0)).toBeUndefined();
  expect(firstUnread(log, 99)).toBe('a');
  expect(kinds(log, 'b')).toEqual(['day', 'a', 'new', 'b', 'mine', 'c']);
});

test('messages of one person in a row are one run', () => {
  const [, a, b, c] = logLines(
    [message('a'), message('b'), message('c', { author: 'x' })],
    undefined,
  );
  expect(a).toMatchObject({ isRunStart: true, isRunEnd: false });
  expect(b).toMatchObject({ isRunStart: false, isRunEnd: true });
  expect(c).toMatchObject({ isRunStart: true, isRunEnd: true });
});

const numbered = Array.from({ length: 1000 }, (_, n) => message(String(n)));
const ends = (window: LogWindow) => {
  const drawn = drawnIn(numbered, window);
  return [drawn[0]?.sid, drawn.at(-1)?.sid];
};

test('the newest messages are drawn, or those around the one that was asked for', () => {
  expect(ends(windowAt(numbered, undefined))).toEqual(['850', '999']);
  expect(ends(windowAt(numbered, 'gone'))).toEqual(['850', '999']);
  expect(ends(windowAt(numbered, '500'))).toEqual(['425', '574']);
  expect(ends(windowAt(numbered, '3'))).toEqual(['0', '77']);
  expect(ends(windowAt(numbered, '990'))).toEqual(['915', '999']);
});

test('newer messages are added until there are none', () => {
  const first = newerBy(windowAt(numbered, '800'), 100, numbered.length);
  expect(ends(first)).toEqual(['725', '974']);
  const last = newerBy(first, 100, numbered.length);
  expect(last.until).toBeUndefined();
  expect(drawnIn(numbered, last).at(-1)?.sid).toBe('999');
});
