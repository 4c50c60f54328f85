import { describe, expect, test } from 'vitest';
import { dependentsOf, inOrder } from '../../../appliance/supervisor/order.ts';

const one = (name: string, ...needs: string[]) => ({ name, needs });
const names = (all: { name: string }[]) => all.map((each) => each.name);

describe('the start order', () => {
  test('puts each service after all that it needs', () => {
    expect(names(inOrder([one('c', 'b'), one('b', 'a'), one('a')]))).toEqual(['a', 'b', 'c']);
  });

  test('keeps the given order where needs leave a choice', () => {
    expect(names(inOrder([one('z'), one('a'), one('m', 'a')]))).toEqual(['z', 'a', 'm']);
  });

  test('refuses a cycle and names it', () => {
    expect(() => inOrder([one('a', 'b'), one('b', 'c'), one('c', 'a')])).toThrow('a → b → c → a');
  });

  test('refuses a need that nobody offers', () => {
    expect(() => inOrder([one('a', 'ghost')])).toThrow('a needs ghost');
  });

  test('refuses two services of one name', () => {
    expect(() => inOrder([one('a'), one('a')])).toThrow('same name');
  });

  test('finds dependents through others', () => {
    const all = [one('c', 'b'), one('b', 'a'), one('a'), one('d')];
    expect(dependentsOf('a', all)).toEqual(new Set(['b', 'c']));
  });
});
