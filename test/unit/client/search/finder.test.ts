import { describe, expect, it } from 'vitest';
import type { MessageView, MissionView, PersonView } from '#client/model.ts';
import type { SearchQuery, SearchView } from '#client/search-model.ts';
import { searchOver } from '#client/search/finder.ts';

const noor = { id: 'noor', name: 'Noor Haddad', slot: 1, isLead: true, isMe: false };
const sara = { id: 'sara', name: 'Sára', slot: 0, isLead: true, isMe: true };
const nobody = { id: 'x', slot: 2, isLead: false, isMe: false };

const message = (sid: string, change: Partial<MessageView> = {}): MessageView => ({
  sid,
  kind: 'text',
  author: 'sara',
  name: 'Sára',
  slot: 0,
  isMine: true,
  text: '',
  atMs: 0,
  delivery: 'sent',
  isLate: false,
  isEdited: false,
  isDeleted: false,
  reactions: [],
  ...change,
});
const file = (sid: string, name: string) =>
  message(sid, { kind: 'file', text: name, file: { sid, name, ...idle } });
const idle = { sizeBytes: 1, state: 'here', doneBytes: 1 } as const;

/** A search over these messages, by conversation. */
function over(
  messages: Record<string, readonly MessageView[]>,
  people: readonly PersonView[] = [sara, noor, nobody],
): (query: Partial<SearchQuery>) => SearchView {
  const conversations = Object.keys(messages).map((cid) => ({ cid, title: `Title of ${cid}` }));
  const search = searchOver({
    view: () => ({
      stage: 'mission',
      link: { state: 'none' },
      mission: { conversations, people } as unknown as MissionView,
    }),
    messages: (cid) => messages[cid] ?? [],
  });
  return (query) => search({ text: '', limit: 50, ...query });
}
const sids = ({ hits }: SearchView): string[] => hits.map((hit) => hit.message.sid);

describe('a search', () => {
  const find = over({
    all: [
      message('1', { text: 'The bridge at Mill Road is open', atMs: 10 }),
      message('2', { text: 'Road to the mill is closed', author: 'noor', slot: 1, atMs: 30 }),
      file('3', 'Mill photo.jpg'),
    ],
    water: [message('4', { text: 'mill pond', atMs: 20 })],
  });

  it('needs all words in any order, over all conversations, the newest first', () => {
    const found = find({ text: 'MILL road' });
    expect(sids(found)).toEqual(['2', '1']);
    expect(found).toMatchObject({ count: 2, people: [] });
    expect(found.hits[0]).toMatchObject({ cid: 'all', title: 'Title of all' });
    expect(sids(find({ text: 'mill' }))).toEqual(['2', '4', '1', '3']);
  });

  it('finds nothing without words and filters', () => {
    expect(find({ text: '  ' })).toEqual({ hits: [], people: [], count: 0 });
    expect(find({ cid: 'all' }).count).toBe(0);
  });

  it('is narrowed by conversation, person, party, kind and day', () => {
    expect(sids(find({ text: 'mill', cid: 'water' }))).toEqual(['4']);
    expect(sids(find({ text: 'mill', person: 'noor' }))).toEqual(['2']);
    expect(sids(find({ slot: 1 }))).toEqual(['2']);
    expect(sids(find({ kind: 'file' }))).toEqual(['3']);
    expect(sids(find({ text: 'mill', day: { fromMs: 10, untilMs: 30 } }))).toEqual(['4', '1']);
  });

  it('counts all and hands out no more than asked for', () => {
    const found = find({ text: 'mill', limit: 1 });
    expect([sids(found), found.count]).toEqual([['2'], 4]);
  });

  it('finds people by name, who stand in no conversation and on no day', () => {
    expect(find({ text: 'sara' }).people).toEqual([sara]);
    expect(find({ text: 'haddad noor' })).toMatchObject({ people: [noor], count: 1 });
    expect(find({ text: 'noor', slot: 0 }).people).toEqual([]);
    expect(find({ kind: 'person' }).people).toHaveLength(3);
    expect(find({ text: 'noor', cid: 'all' }).people).toEqual([]);
    expect(find({ text: 'noor', day: { fromMs: 0, untilMs: 99 } }).people).toEqual([]);
  });
});

describe('what has no words, or not for this person', () => {
  it('is neither found nor counted', () => {
    const find = over({
      all: [
        message('event', { kind: 'event', text: 'Noor joined' }),
        message('locked', { kind: 'locked', text: 'Noor' }),
        message('newer', { kind: 'unsupported', text: 'Noor' }),
        message('board', { kind: 'board', text: 'Noor' }),
        message('erased', { text: 'Noor', isDeleted: true }),
      ],
    });
    expect(find({ text: 'noor' })).toMatchObject({ hits: [], count: 1, people: [noor] });
    expect(find({ slot: 0 }).count).toBe(0);
  });

  it('is a call but by the names of those in it', () => {
    const call = { kind: 'one-to-one', state: 'no-answer', person: 'noor' } as const;
    const find = over({ all: [message('call', { kind: 'call', call })] });
    expect(sids(find({ text: 'noor sara' }))).toEqual(['call']);
    expect(find({ text: 'one-to-one' }).count).toBe(0);
  });
});

describe('a message that changes', () => {
  it('is found by its new words, and no more once it was erased', () => {
    const messages = { all: [message('1', { text: 'old words' })] };
    const find = over(messages);
    expect(find({ text: 'old' }).count).toBe(1);
    messages.all = [message('1', { text: 'new words', isEdited: true })];
    expect(find({ text: 'old' }).count).toBe(0);
    expect(find({ text: 'new' }).count).toBe(1);
    messages.all = [message('1', { isDeleted: true })];
    expect(find({ text: 'new' }).count).toBe(0);
  });
});

describe('fifty thousand messages', () => {
  const texts = Array.from({ length: 50_000 }, (_, n) => `Water tank ${n} goes to the école`);
  const find = over({ all: texts.map((text, n) => message(String(n), { text, atMs: n })) });

  it('are looked at piece by piece, the newest first, until all were', () => {
    let found = find({ text: 'ecole' });
    expect(sids(found)[0]).toBe('49999');
    let pieces = 1;
    for (let done = 0; found.reading; pieces += 1) {
      expect(found.reading.done).toBeGreaterThan(done);
      expect(found.reading.done - done).toBeLessThan(10_000);
      done = found.reading.done;
      found = find({ text: 'ecole' });
    }
    expect(pieces).toBeGreaterThan(5);
    expect(found).toMatchObject({ count: 50_000 });
    expect(find({ text: 'tank 777' }).reading).toBeUndefined();
    expect(find({ text: 'tank 777' }).count).toBeGreaterThan(50);
  });

  it('are forgotten with an empty query', () => {
    find({ text: '' });
    expect(find({ text: 'ecole' }).reading).toBeDefined();
  });
});
