import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat, u32be, utf8 } from '#protocol/codec/bytes.ts';
import { sha1 } from '#protocol/codec/digest.ts';
import { pushLimits, type PackLimits } from '#protocol/pack/limits.ts';
import { gitObject, type GitObject } from '#protocol/pack/object.ts';
import { scanPack } from '#protocol/pack/scan.ts';
import { writePack } from '#protocol/pack/write.ts';
import type { Zlib } from '#protocol/ports.ts';
import { nodeZlib } from '../../../support/protocol-ports.ts';
import { seeded, seededBytes } from '../../../support/seeded.ts';

const some = ['one', 'two', '', 'x'.repeat(5000)].map((text) => gitObject('blob', utf8(text)));
const good = writePack(some, nodeZlib);

/** A pack of hand-made entries with a right head and sum. */
function packOf(count: number, ...entries: Uint8Array[]): Uint8Array {
  const bytes = concat(utf8('PACK'), u32be(2), u32be(count), ...entries);
  return concat(bytes, sha1(bytes));
}

function blobEntry(declared: number, content: Uint8Array): Uint8Array {
  expect(declared).toBeLessThan(2048);
  return concat(Uint8Array.of(0xb0 | (declared & 15), declared >> 4), nodeZlib.deflate(content));
}

function why(pack: Uint8Array, limits: PackLimits = pushLimits, zlib: Zlib = nodeZlib): string {
  const scanned = scanPack(pack, zlib, limits);
  return scanned.ok ? 'accepted' : scanned.why;
}

it('what is written is read again, in order', () => {
  const object = fc.record({
    type: fc.constantFrom('commit' as const, 'tree' as const, 'blob' as const),
    body: fc.uint8Array({ maxLength: 3000 }),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(object, {
        maxLength: 20,
        selector: ({ type, body }) => `${type}${body.join()}`,
      }),
      (drawn) => {
        const objects: GitObject[] = drawn.map(({ type, body }) => gitObject(type, body));
        expect(scanPack(writePack(objects, nodeZlib), nodeZlib, pushLimits)).toEqual({
          ok: true,
          value: objects,
        });
      },
    ),
    { seed: 1, numRuns: 60 },
  );
});

it('every truncation of a good pack is refused', () => {
  for (let length = 0; length < good.length; length++) {
    expect(scanPack(good.slice(0, length), nodeZlib, pushLimits).ok).toBe(false);
  }
});

it('every truncation with its sum made right again is refused', () => {
  const body = good.slice(0, -20);
  for (let length = 12; length < body.length; length++) {
    const cut = body.slice(0, length);
    expect(scanPack(concat(cut, sha1(cut)), nodeZlib, pushLimits).ok).toBe(false);
  }
});

it('every flipped bit of a good pack is refused by its sum', () => {
  for (let at = 0; at < good.length; at++) {
    const bent = good.slice();
    bent[at] = (bent[at] as number) ^ 0x10;
    expect(scanPack(bent, nodeZlib, pushLimits).ok).toBe(false);
  }
});

it('slack between the last object and the sum is refused (S136)', () => {
  const body = concat(good.slice(0, -20), utf8('more'));
  expect(why(concat(body, sha1(body)))).toBe('there is slack');
  expect(why(concat(good, utf8('more')))).toBe("the pack's sum is wrong");
});

it.each([
  ['an offset delta', 6],
  ['a reference delta', 7],
  ['a tag', 4],
  ['type zero', 0],
  ['type five', 5],
])('%s is refused', (_, code) => {
  const entry = concat(Uint8Array.of((code << 4) | 3), nodeZlib.deflate(utf8('abc')));
  expect(why(packOf(1, entry))).toBe('the pack has a delta, a tag or an unknown entry');
});

it('a size that lies in either direction is refused (S136)', () => {
  expect(why(packOf(1, blobEntry(17, utf8('x'.repeat(17)))))).toBe('accepted');
  expect(why(packOf(1, blobEntry(18, utf8('x'.repeat(17)))))).toBe(
    'an object is not as long as declared',
  );
  expect(why(packOf(1, blobEntry(16, utf8('x'.repeat(17)))))).toBe(
    'an object does not inflate as declared',
  );
});

it('a count that lies in either direction is refused', () => {
  const entry = blobEntry(17, utf8('x'.repeat(17)));
  expect(why(packOf(2, entry))).toBe('the pack is cut off');
  expect(why(packOf(0, entry))).toBe('there is slack');
  expect(why(packOf(0xffffffff, entry))).toBe('the pack has too many objects');
});

it('one object twice is refused', () => {
  const entry = blobEntry(17, utf8('x'.repeat(17)));
  expect(why(packOf(2, entry, entry))).toBe('an object is there twice');
});

it('a size written longer than needed, or longer than any limit, is refused', () => {
  const deflated = nodeZlib.deflate(utf8('abc'));
  expect(why(packOf(1, concat(Uint8Array.of(0xb3, 0x80, 0x00), deflated)))).toBe(
    'a size has a second writing',
  );
  expect(why(packOf(1, concat(Uint8Array.of(0xb3, 0x00), deflated)))).toBe(
    'a size has a second writing',
  );
  expect(why(packOf(1, concat(Uint8Array.of(0xbf, 0xff, 0xff, 0xff, 0x7f), deflated)))).toBe(
    'an entry has a bad size',
  );
});

it('an object above its cap is refused before anything is inflated', () => {
  const untouched: Zlib = {
    deflate: nodeZlib.deflate,
    inflate: () => {
      throw new Error('inflated');
    },
  };
  const pack = writePack([gitObject('blob', new Uint8Array(65_537))], nodeZlib);
  expect(why(pack, pushLimits, untouched)).toBe('a blob is too large');
});

it('a deflate bomb is stopped at the declared size, in bounded memory (S135, L2)', () => {
  const bomb = nodeZlib.deflate(new Uint8Array(64 * 1_048_576));
  let most = 0;
  const watching: Zlib = {
    deflate: nodeZlib.deflate,
    inflate: (input, offset, maxBytes) => {
      most = Math.max(most, maxBytes);
      return nodeZlib.inflate(input, offset, maxBytes);
    },
  };
  const pack = packOf(1, concat(Uint8Array.of(0xbf, 0x7f), bomb));
  const before = process.memoryUsage().arrayBuffers;
  expect(why(pack, pushLimits, watching)).toBe('an object does not inflate as declared');
  expect(most).toBe(2047);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_048_576);
});

it('many small bombs are stopped by the ratio', () => {
  const blobs = Array.from({ length: 50 }, (_, i) =>
    gitObject('blob', concat(Uint8Array.of(i), new Uint8Array(60_000))),
  );
  expect(why(writePack(blobs, nodeZlib))).toBe('the pack is compressed too well');
});

it.each<[string, Partial<PackLimits>, string]>([
  ['bytes', { packBytes: good.length - 1 }, 'the pack is too large'],
  ['objects', { objects: 3 }, 'the pack has too many objects'],
  ['inflated bytes', { inflatedBytes: 4999 }, 'the pack inflates too far'],
])('the cap on %s holds', (_, change, reason) => {
  expect(why(good, { ...pushLimits, ...change })).toBe(reason);
});

it('the cap on commits holds', () => {
  const commits = ['a', 'b', 'c'].map((text) => gitObject('commit', utf8(text)));
  expect(why(writePack(commits, nodeZlib), { ...pushLimits, commits: 2 })).toBe('too many commits');
});

it('random bytes and random changes get a verdict, never an exception', () => {
  const random = seeded(7);
  for (let round = 0; round < 3000; round++) {
    const noise = seededBytes(random, Math.floor(random() * 80));
    scanPack(noise, nodeZlib, pushLimits);
    const bent = good.slice(0, -20);
    for (let change = 0; change <= round % 4; change++) {
      bent[Math.floor(random() * bent.length)] = Math.floor(random() * 256);
    }
    scanPack(concat(bent, sha1(bent)), nodeZlib, pushLimits);
    scanPack(packOf(1, noise), nodeZlib, pushLimits);
  }
});
