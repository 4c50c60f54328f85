import { describe, expect, it } from 'vitest';
import { writtenElement } from '#client/boards/element-text.ts';
import { element } from '../../../support/client/board-room.ts';

describe('an element as it goes out', () => {
  it('has strokes to a hundredth of a pixel and no more', () => {
    const points = [
      [0, 0],
      [1.23456789, 2.000001],
    ];
    const { text } = writtenElement(element({ type: 'freedraw', points, angle: 1.234567 }));
    expect(JSON.parse(text)).toMatchObject({
      points: [
        [0, 0],
        [1.23, 2],
      ],
      angle: 1.2346,
    });
  });

  it('carries neither links nor the notes of programs', () => {
    const { text } = writtenElement(element({ link: 'https://example.org', customData: { a: 1 } }));
    expect(JSON.parse(text)).not.toHaveProperty('customData');
    expect(JSON.parse(text)).toHaveProperty('link', null);
  });

  it('holds a line of half a minute', () => {
    const points = Array.from({ length: 1800 }, (_, at) => [at * 1.123456, Math.sin(at) * 300]);
    expect(writtenElement(element({ type: 'freedraw', points })).text.length).toBeGreaterThan(9000);
  });

  it('is refused in words when it is too long', () => {
    const points = Array.from({ length: 9000 }, (_, at) => [at, at / 3]);
    expect(() => writtenElement(element({ type: 'freedraw', points }))).toThrow(/too long/);
    // Quotation marks double inside a message.
    const text = '"'.repeat(20_000);
    expect(() => writtenElement(element({ type: 'text', text }))).toThrow(/too long/);
  });

  it.each([element({ type: 'image' }), '{', '7', 'null', '[]'])('is no %s', (text) => {
    expect(() => writtenElement(text)).toThrow(/cannot be put on the board/);
  });
});
