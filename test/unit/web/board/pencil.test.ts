import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pencil } from '../../../../web/board/pencil.ts';

const element = (id: string, version: number, isDeleted = false) => ({
  id,
  type: 'rectangle',
  version,
  versionNonce: version * 7,
  isDeleted,
});
const sent: string[][] = [];
let pencil: Pencil;

beforeEach(() => {
  vi.useFakeTimers();
  sent.length = 0;
  pencil = new Pencil((elements) => sent.push(elements.map((json) => JSON.parse(json).id)));
});
afterEach(() => vi.useRealTimers());

test('strokes of one moment go together, each element once and in its last version', () => {
  pencil.drawn([element('a', 1)]);
  pencil.drawn([element('a', 2), element('b', 1)]);
  expect(sent).toEqual([]);
  vi.runAllTimers();
  expect(sent).toEqual([['a', 'b']]);
});

test('what came from others is not sent back, until it is changed here', () => {
  pencil.know([element('a', 3)]);
  pencil.drawn([element('a', 3)]);
  vi.runAllTimers();
  expect(sent).toEqual([]);
  pencil.drawn([element('a', 4, true)]);
  vi.runAllTimers();
  expect(sent).toEqual([['a']]);
});

test('a shape that was begun and dropped is nobody’s business', () => {
  pencil.drawn([element('a', 1, true)]);
  vi.runAllTimers();
  expect(sent).toEqual([]);
});

test('leaving the board sends what waits at once, and only once', () => {
  pencil.drawn([element('a', 1)]);
  pencil.flush();
  vi.runAllTimers();
  expect(sent).toEqual([['a']]);
});
