import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat, utf8 } from '#protocol/codec/bytes.ts';
import { toB64u } from '#protocol/codec/text-form.ts';
import { objectsIn, treeOf } from '#protocol/pack/node.ts';
import { encodeTree, readTree, type TreeEntry } from '#protocol/pack/tree.ts';

const oid = '3a1bedb45af07ae2c651f59b4182d1e1f602523e';
const raw = (mode: string, name: string) =>
  concat(utf8(`${mode} ${name}\0`), new Uint8Array(20).fill(1));

it('names the tree of one file as the first vectors have it', () => {
  const root = treeOf(new Map([['proto', utf8('swarm1\n')]]));
  expect(root.children[0]?.node.object.oid).toBe(oid);
  expect(root.object.oid).toBe('086a084091ae4713afa2ab96dfc48e7b359a429c');
  expect(toB64u(root.th)).toBe(
    'mjmRAIMcPQhDo42GPOfs79LIiHUHZ96spAZU-vaV6DSrcd71P-R53vS2HdYFRPxYbhZyQAaGW1Ou-GiBqEdnwA',
  );
});

it('git order puts a directory where its name with a slash stands', () => {
  const root = treeOf(
    new Map([
      ['a/x', utf8('')],
      ['a.json', utf8('')],
      ['a0', utf8('')],
    ]),
  );
  expect(root.children.map(({ name }) => name)).toEqual(['a.json', 'a', 'a0']);
});

it('what is written is read again', () => {
  const entry = fc.record<TreeEntry>({
    mode: fc.constantFrom('100644', '40000'),
    name: fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,20}$/),
    oid: fc.constant(oid),
  });
  fc.assert(
    fc.property(fc.uniqueArray(entry, { selector: ({ name }) => name }), (entries) => {
      const body = encodeTree(entries);
      const read = readTree(body);
      expect(read.ok && encodeTree(read.value)).toEqual(body);
    }),
    { seed: 2, numRuns: 100 },
  );
});

it.each<[string, Uint8Array]>([
  ['an executable', raw('100755', 'a')],
  ['a symbolic link', raw('120000', 'a')],
  ['a gitlink', raw('160000', 'a')],
  ['a padded mode', raw('040000', 'a')],
  ['a group-writable file', raw('100664', 'a')],
  ['a dot file', raw('100644', '.git')],
  ['a way up', raw('100644', '..')],
  ['a slash', raw('100644', 'a/b')],
  ['an upper-case name', raw('100644', 'GIT')],
  ['an empty name', raw('100644', '')],
  ['a name of 65 characters', raw('100644', 'a'.repeat(65))],
  ['a name outside ASCII', raw('100644', 'ä')],
  ['a name with a line feed', raw('100644', 'a\n')],
  ['a wrong order', concat(raw('100644', 'b'), raw('100644', 'a'))],
  ['a name twice', concat(raw('100644', 'a'), raw('100644', 'a'))],
  [
    'a file and a directory of one name',
    concat(raw('100644', 'a'), raw('100644', 'a.b'), raw('40000', 'a')),
  ],
  ['a cut', raw('100644', 'a').slice(0, -1)],
  ['bytes without a name', utf8('100644 a')],
])('%s in a tree is refused', (_, body) => {
  expect(readTree(body).ok).toBe(false);
});

it('too many entries and too many bytes are refused (L1, S137)', () => {
  const rows = Array.from({ length: 4097 }, (_, i) =>
    raw('100644', `f${String(i).padStart(5, '0')}`),
  );
  expect(readTree(concat(...rows.slice(0, 4096))).ok).toBe(true);
  expect(readTree(concat(...rows))).toMatchObject({ ok: false, rule: 'L1' });
  expect(readTree(new Uint8Array(262_145))).toMatchObject({ ok: false, rule: 'L1' });
});

it('lists every object once, contents before what holds them', () => {
  const objects = objectsIn(
    treeOf(
      new Map([
        ['a/one', utf8('same')],
        ['b/two', utf8('same')],
        ['b/three', utf8('other')],
      ]),
    ),
  );
  expect(objects.map(({ type }) => type)).toEqual(['blob', 'tree', 'blob', 'tree', 'tree']);
});

it('the tree hash tells names, modes and contents apart', () => {
  const th = (path: string, text: string) => toB64u(treeOf(new Map([[path, utf8(text)]])).th);
  expect(new Set([th('a', 'x'), th('b', 'x'), th('a', 'y'), th('a/a', 'x')]).size).toBe(4);
});
