import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxElementLength, readElement } from '#protocol/content/board-element.ts';
import { boardOf, drawn, foldBoard, type BoardBatch } from '#protocol/content/board-fold.ts';

const whole = {
  id: 'one',
  type: 'rectangle',
  x: 0,
  y: 0.5,
  width: 10,
  height: 10,
  version: 1,
  versionNonce: 5,
  isDeleted: false,
};

const element = (part: object = {}): string => JSON.stringify({ ...whole, ...part });
const batch = (sid: string, l: number, ...texts: string[]): BoardBatch => ({
  l,
  sid,
  ops: texts.map((e) => ({ e })),
});
const shown = (...batches: BoardBatch[]): string[] =>
  drawn(foldBoard(batches)).map(({ text }) => text);

/** A small world, so that versions, nonces and places often meet. */
const anyBatches = fc.array(
  fc.record({
    l: fc.nat(2),
    sid: fc.constantFrom('a', 'b', 'c'),
    ops: fc.array(
      fc.record({
        e: fc
          .record({
            id: fc.constantFrom('one', 'two', 'three'),
            version: fc.nat(2),
            versionNonce: fc.nat(2),
            isDeleted: fc.boolean(),
            x: fc.nat(3),
          })
          .map((part) => element(part)),
      }),
      { maxLength: 4 },
    ),
  }),
  { maxLength: 8 },
);

describe('a board', () => {
  it('shows the same picture whatever the order in which messages come (S127)', () => {
    fc.assert(
      fc.property(
        anyBatches.chain((batches) =>
          fc.tuple(
            fc.constant(batches),
            fc.shuffledSubarray(batches, { minLength: batches.length }),
          ),
        ),
        ([one, other]) => {
          expect(shown(...other)).toEqual(shown(...one));
        },
      ),
    );
  });

  it('shows the same picture when messages are folded twice', () => {
    fc.assert(
      fc.property(anyBatches, (batches) => {
        expect(shown(...batches, ...batches)).toEqual(shown(...batches));
      }),
    );
  });

  it('shows of each element the highest version', () => {
    const [old, now] = [element({ version: 1 }), element({ version: 2, x: 9 })];
    expect(shown(batch('b', 2, old), batch('a', 1, now))).toEqual([now]);
  });

  it('shows of equal versions the one with the lower nonce', () => {
    const [a, b] = [element({ versionNonce: 1 }), element({ versionNonce: 2 })];
    expect(shown(batch('b', 2, b), batch('a', 1, a))).toEqual([a]);
  });

  it('shows of equal nonces the one of the higher place', () => {
    const [a, b] = [element({ x: 1 }), element({ x: 2 })];
    expect(shown(batch('a', 2, a), batch('b', 1, b))).toEqual([a]);
    expect(shown(batch('a', 1, a), batch('b', 1, b))).toEqual([b]);
  });

  it('keeps a deleted element deleted against older versions of it', () => {
    const gone = element({ version: 3, isDeleted: true });
    expect(shown(batch('a', 1, gone), batch('b', 2, element({ version: 2 })))).toEqual([gone]);
  });

  it('draws in the order of the index, then of the id', () => {
    const [a, b, c] = [
      element({ id: 'a', index: 'a1' }),
      element({ id: 'b', index: 'a0' }),
      element({ id: 'c', index: 'a1' }),
    ];
    expect(shown(batch('a', 1, c, a, b))).toEqual([b, a, c]);
  });

  it('passes over operations of another form', () => {
    const ops = [{ e: 7 }, {}, { e: '{' }, { x: element() }, { e: element() }];
    expect(shown({ l: 1, sid: 'a', ops })).toEqual([element()]);
  });

  it('has one name for everybody in its conversation and another in others', () => {
    expect(boardOf('a')).toMatch(/^[\w-]{22}$/);
    expect(boardOf('a')).toBe(boardOf('a'));
    expect(boardOf('a')).not.toBe(boardOf('b'));
  });
});

describe('an element of a board', () => {
  it('is any that is only drawn', () => {
    for (const type of ['rectangle', 'diamond', 'ellipse', 'frame']) {
      expect(readElement(element({ type }))).toBeDefined();
    }
    const points = [
      [0, 0],
      [1.5, -2],
    ];
    expect(readElement(element({ type: 'freedraw', points, pressures: [0.5] }))).toBeDefined();
    expect(readElement(element({ type: 'text', text: 'Boats', fontSize: 20 }))).toBeDefined();
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['nothing', 'null'],
    ['deep nesting', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['a text that is too long', element({ note: 'x'.repeat(maxElementLength) })],
    ['an image', element({ type: 'image', fileId: 'a' })],
    ['an embedded page', element({ type: 'embeddable', link: 'https://example.org' })],
    ['a link', element({ link: 'javascript:alert(1)' })],
    ['an address for a colour', element({ strokeColor: 'url(https://example.org/a)' })],
    ['a side as large as the world', element({ width: 1e9 })],
    ['a place outside it', element({ x: -2e6 })],
    ['a point outside it', element({ type: 'line', points: [[0, 1e300]] })],
    ['points that are none', element({ type: 'freedraw', points: 'abc' })],
    ['a line without points', element({ type: 'arrow' })],
    ['a text without text', element({ type: 'text' })],
    ['a version that is no count', element({ version: 1.5 })],
    ['a version beyond all others', element({ version: 1e300 })],
    ['no id', element({ id: '' })],
    ['groups that are none', element({ groupIds: 7 })],
  ])('is not %s', (_, text) => {
    expect(readElement(text)).toBeUndefined();
  });

  it('is read from nothing that people or fuzzers write by chance', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readElement(text)).toBeUndefined();
      }),
    );
  });
});
