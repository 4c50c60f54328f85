import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { nodeZlib } from '#kernel/node-zlib.ts';

const hello = new Uint8Array(deflateSync('hello'));
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

test('a stream in the middle of other bytes is read, and its end is known', () => {
  const all = new Uint8Array([9, 9, ...hello, ...hello]);
  const found = nodeZlib.inflate(all, 2, 5);
  expect(text(found?.bytes)).toBe('hello');
  expect(found?.consumed).toBe(hello.length);
});

test('nothing larger than allowed comes out, however small it was', () => {
  const bomb = new Uint8Array(deflateSync(Buffer.alloc(16 << 20)));
  expect(nodeZlib.inflate(bomb, 0, 1000)).toBeUndefined();
  expect(nodeZlib.inflate(hello, 0, 4)).toBeUndefined();
});

test('an empty object is allowed no byte and has none', () => {
  const empty = new Uint8Array(deflateSync(''));
  expect(nodeZlib.inflate(empty, 0, 0)?.bytes).toHaveLength(0);
  expect(nodeZlib.inflate(hello, 0, 0)).toBeUndefined();
});

test('a stream that is damaged or cut off is no stream', () => {
  expect(nodeZlib.inflate(hello.subarray(0, -3), 0, 100)).toBeUndefined();
  expect(
    nodeZlib.inflate(
      hello.map((byte, i) => (i === 4 ? byte ^ 255 : byte)),
      0,
      100,
    ),
  ).toBeUndefined();
  expect(nodeZlib.inflate(hello, hello.length, 100)).toBeUndefined();
});

test('what was deflated inflates again', () => {
  const bytes = new TextEncoder().encode('again and again and again');
  expect(nodeZlib.inflate(nodeZlib.deflate(bytes), 0, 100)?.bytes).toEqual(bytes);
});
