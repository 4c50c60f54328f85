import { test, expect, describe } from 'vitest';
import * as fc from 'fast-check';
import { readContent, type Content } from '#protocol/content/bodies.ts';
import { fold, type Utterance } from '#protocol/content/fold.ts';

/** A history in which everything comes after what stands before it, unless `apart` says otherwise. */
function history(...said: [sid: string, author: string, content: Utterance['content']][]) {
  const utterances = said.map(([sid, author, content], i): Utterance => {
    return { sid, l: i + 1, author, atMs: i, content };
  });
  const place = new Map(said.map(([sid], i) => [sid, i]));
  const apart = new Set<string>();
  const precedes = (a: string, b: string) =>
    !apart.has(`${a}|${b}`) && (place.get(a) ?? 0) < (place.get(b) ?? 0);
  return { utterances, precedes, apart };
}

const text = (body: string, re?: string): Content => ({
  t: 'text/plain',
  b: { body, ...(re !== undefined && { re }) },
});
const edit = (of: string, body: string): Content => ({ t: 'edit', b: { of, body } });
const erase = (of: string): Content => ({ t: 'delete', b: { of } });
const like = (to: string, body = '👍'): Content => ({ t: 'reaction', b: { to, body } });

const shown = ({ utterances, precedes }: ReturnType<typeof history>) => fold(utterances, precedes);

describe('fold (SWARM §7.3)', () => {
  test('the last of one’s own edits is shown (S113)', () => {
    const lines = shown(
      history(['1', 'bob', text('a')], ['2', 'bob', edit('1', 'b')], ['3', 'bob', edit('1', 'c')]),
    );
    expect(lines).toMatchObject([{ sid: '1', text: 'c', isEdited: true }]);
  });

  test('an edit of somebody else’s message is void and disturbs nothing (S114)', () => {
    const lines = shown(history(['1', 'alice', text('a')], ['2', 'bob', edit('1', 'lie')]));
    expect(lines).toMatchObject([{ sid: '1', text: 'a', isEdited: false }]);
  });

  test('an edit that names an edit is void', () => {
    const lines = shown(
      history(['1', 'bob', text('a')], ['2', 'bob', edit('1', 'b')], ['3', 'bob', edit('2', 'c')]),
    );
    expect(lines).toMatchObject([{ text: 'b' }]);
  });

  test('an edit whose target is not in its past is void', () => {
    const said = history(['1', 'bob', text('a')], ['2', 'bob', edit('1', 'b')]);
    said.apart.add('1|2');
    expect(shown(said)).toMatchObject([{ text: 'a' }]);
  });

  test('a deletion wins over a concurrent edit (S116)', () => {
    const said = history(
      ['1', 'bob', text('a')],
      ['2', 'bob', erase('1')],
      ['3', 'bob', edit('1', 'b')],
    );
    said.apart.add('2|3');
    expect(shown(said)).toMatchObject([{ text: '', isDeleted: true }]);
  });

  test('of concurrent edits the highest (l, sid) wins (S116)', () => {
    const said = history(
      ['1', 'bob', text('a')],
      ['2', 'bob', edit('1', 'b')],
      ['3', 'bob', edit('1', 'c')],
    );
    said.apart.add('2|3');
    expect(shown(said)).toMatchObject([{ text: 'c' }]);
  });

  test('reactions are a set of member and emoji, and taking one back removes it (S115)', () => {
    const lines = shown(
      history(
        ['1', 'bob', text('a')],
        ['2', 'eve', like('1')],
        ['3', 'eve', like('1')],
        ['4', 'ann', like('1')],
        ['5', 'ann', erase('4')],
      ),
    );
    expect(lines[0]?.reactions).toEqual([{ emoji: '👍', members: ['eve'] }]);
  });

  test('an edited message keeps its reactions, a deleted one loses them (S115)', () => {
    const start: Parameters<typeof history> = [
      ['1', 'bob', text('a')],
      ['2', 'eve', like('1')],
    ];
    expect(shown(history(...start, ['3', 'bob', edit('1', 'b')]))[0]?.reactions).toHaveLength(1);
    expect(shown(history(...start, ['3', 'bob', erase('1')]))[0]?.reactions).toEqual([]);
  });

  test('a reaction that comes before its target waits for it (S117)', () => {
    const said = history(['2', 'eve', like('1')], ['1', 'bob', text('a')]);
    expect(shown(said)).toMatchObject([{ sid: '1', reactions: [{ emoji: '👍' }] }]);
  });

  test('what has no key or is newer than we are is a line of its own (S30)', () => {
    const lines = shown(history(['1', 'bob', { t: 'locked' }], ['2', 'bob', { t: 'unsupported' }]));
    expect(lines.map((line) => line.kind)).toEqual(['locked', 'unsupported']);
  });

  test('nothing that members can say makes the fold fail', () => {
    const sid = fc.constantFrom('1', '2', '3', '4', '5', '6');
    const content = fc.oneof(
      fc.string().map((body) => text(body)),
      fc.tuple(sid, fc.string()).map(([of, body]) => edit(of, body)),
      sid.map(erase),
      fc.tuple(sid, fc.string()).map(([to, body]) => like(to, body)),
    );
    fc.assert(
      fc.property(fc.array(content, { maxLength: 6 }), (contents) => {
        const said = history(
          ...contents.map((one, i): [string, string, Content] => [`${i + 1}`, `m${i % 2}`, one]),
        );
        expect(shown(said).length).toBeLessThanOrEqual(contents.length);
      }),
    );
  });
});

describe('bodies (SWARM §7.2, L6)', () => {
  test('a text over 16 KiB of UTF-8 is void', () => {
    expect(readContent('text/plain', { body: 'é'.repeat(8192) })).toBeDefined();
    expect(readContent('text/plain', { body: 'é'.repeat(8193) })).toBeUndefined();
  });
  test('a known type with another form is void, an unknown type is unsupported (S30)', () => {
    expect(readContent('text/plain', { text: 'a' })).toBeUndefined();
    expect(readContent('text/plain', [])).toBeUndefined();
    expect(readContent('hologram', { a: 1 })).toEqual({ t: 'unsupported' });
    expect(readContent('constructor', {})).toEqual({ t: 'unsupported' });
  });
});
