import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { problemOf, type ProblemCode } from '#client/problem.ts';

const file = (path: string) =>
  readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');
const english = (
  JSON.parse(file('web/language/en.json')) as {
    problem: Record<string, { says: string; advice: string }>;
  }
).problem;
const codes = [...file('appliance/client/problem.ts').matchAll(/^ {2}([A-Z_]+): \[/gmu)].map(
  ([, code]) => code as ProblemCode,
);

test('every refusal of the engine has its words in the strings, the same in English', () => {
  expect(codes.length).toBeGreaterThan(20);
  for (const code of codes) {
    const { says, advice } = problemOf(code);
    expect(english[code], code).toEqual({ says, advice });
  }
});

test('no words are kept for refusals that are gone', () => {
  const kept = Object.keys(english).filter((key) => /^[A-Z_]+$/u.test(key));
  expect(kept.toSorted()).toEqual(codes.toSorted());
});
