import { describe, expect, it } from 'vitest';
import { arrowhead, pathThrough } from '../../../../web/reader/board/path.ts';
import { extentOf, middleOf, shapesOf, type Shape } from '../../../../web/reader/board/shape.ts';

const shape = (more: Partial<Shape>): Shape => ({
  id: 's',
  type: 'rectangle',
  x: 0,
  y: 0,
  width: 100,
  height: 50,
  ...more,
});

describe('a picture of a board', () => {
  it('has room for everything that is drawn, turned shapes too', () => {
    expect(extentOf([shape({})])).toEqual({ x: -24, y: -24, width: 148, height: 98 });
    const { height, width } = extentOf([shape({ angle: Math.PI / 2 })]);
    expect([Math.round(width), Math.round(height)]).toEqual([98, 148]);
  });

  it('has room for lines that go left and up from where they began', () => {
    const line = shape({
      type: 'line',
      points: [
        [0, 0],
        [-30, -40],
      ],
    });
    expect(extentOf([line])).toEqual({ x: -54, y: -64, width: 78, height: 88 });
    expect(middleOf(line)).toEqual([-15, -20]);
  });

  it('of nothing is small instead of endless', () => {
    expect(extentOf([])).toEqual({ x: 0, y: 0, width: 1, height: 1 });
  });

  it('has no sides below zero, which would not be drawn', () => {
    const [drawn] = shapesOf([JSON.stringify(shape({ x: 10, width: -10, height: -5 }))]);
    expect(drawn).toMatchObject({ x: 0, y: -5, width: 10, height: 5 });
  });
});

describe('a line', () => {
  it('of one point is a dot', () => {
    expect(pathThrough([[3, 4]], true)).toBe('M3 4l0 0');
    expect(pathThrough([], false)).toBe('M0 0l0 0');
  });

  it('goes straight or bent through all of its points', () => {
    const points = [
      [0, 0],
      [10, 0],
      [10, 10],
    ];
    expect(pathThrough(points, false)).toBe('M0 0L10 0L10 10');
    expect(pathThrough(points, true)).toMatch(/^M0 0C.+ 10 0C.+ 10 10$/u);
  });

  it('has a head that points where it ends, and none without a direction', () => {
    expect(
      arrowhead(
        [
          [0, 0],
          [100, 0],
        ],
        2,
      ),
    ).toMatch(/^M81\.58 -7\.79L100 0L81\.58 7\.79$/u);
    expect(arrowhead([[5, 5]], 2)).toBe('');
    expect(arrowhead([], 2)).toBe('');
  });
});
