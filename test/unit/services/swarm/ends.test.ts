import { expect, test } from 'vitest';
import type { Commit } from '#protocol/codec/commit-form.ts';
import type { MissionState } from '#protocol/state/mission-state.ts';
import { Catalogue } from '../../../../appliance/services/swarm/catalogue.ts';
import { exceedsEnds } from '../../../../appliance/services/swarm/ends.ts';

/** A mission of two parties; every device of party p is of its one member. */
const mission = {
  parties: new Map([
    ['p', {}],
    ['o', {}],
  ]),
  members: new Map([
    ['mp', { party: 'p' }],
    ['mo', { party: 'o' }],
  ]),
  devices: new Map(
    ['p', 'o'].flatMap((party) =>
      Array.from({ length: 8 }, (_, i) => [`${party}${i}`, { member: `m${party}` }] as const),
    ),
  ),
  removals: new Map(),
} as unknown as MissionState;

const commit = (oid: string, d: string, parents: string[]): Commit =>
  ({
    oid,
    sid: oid,
    tree: '',
    parents,
    envelope: { d, q: 0, l: parents.length + 1 },
  }) as unknown as Commit;

function room(): Catalogue {
  const catalogue = new Catalogue();
  catalogue.add(commit('root', 'o0', []));
  return catalogue;
}

test('the fifth open end of one member has to wait (X10), the fourth has not', () => {
  const catalogue = room();
  for (let i = 0; i < 3; i++) catalogue.add(commit(`c${i}`, `p${i}`, ['root']));
  expect(exceedsEnds(catalogue, [commit('c3', 'p3', ['root'])], mission)).toBe(false);
  catalogue.add(commit('c3', 'p3', ['root']));
  expect(exceedsEnds(catalogue, [commit('c4', 'p4', ['root'])], mission)).toBe(true);
});

test('a member that has its share may still join ends and continue one', () => {
  const catalogue = room();
  for (let i = 0; i < 4; i++) catalogue.add(commit(`c${i}`, `p${i}`, ['root']));
  expect(exceedsEnds(catalogue, [commit('next', 'p0', ['c0'])], mission)).toBe(false);
  expect(exceedsEnds(catalogue, [commit('joined', 'p0', ['c0', 'c1', 'c2', 'c3'])], mission)).toBe(
    false,
  );
  const chain = [commit('a', 'p0', ['c0']), commit('b', 'p0', ['a'])];
  expect(exceedsEnds(catalogue, chain, mission)).toBe(false);
});

test('one party that has used up its ends does not keep the other from writing', () => {
  const catalogue = room();
  for (let i = 0; i < 4; i++) catalogue.add(commit(`c${i}`, `p${i}`, ['root']));
  expect(exceedsEnds(catalogue, [commit('other', 'o1', ['root'])], mission)).toBe(false);
});

test('what lacks of a history is everything wanted and not yet had, parents first', () => {
  const catalogue = room();
  for (const [oid, parents] of [
    ['a', ['root']],
    ['b', ['root']],
    ['c', ['a', 'b']],
  ] as const) {
    catalogue.add(commit(oid, 'p0', [...parents]));
  }
  const lacks = (have: string[], want: string[]) =>
    catalogue.between(have, want).map(({ oid }) => oid);
  expect(lacks([], ['c'])).toEqual(['root', 'a', 'b', 'c']);
  expect(lacks(['a'], ['c'])).toEqual(['b', 'c']);
  expect(lacks(['c'], ['a'])).toEqual([]);
  expect(lacks(['unknown'], ['unknown', 'root'])).toEqual(['root']);
  expect(catalogue.last?.oid).toBe('c');
});
