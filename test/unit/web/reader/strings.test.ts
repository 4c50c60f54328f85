import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { languages } from '../../../../web/language/languages.ts';
import { bare, languageOf, stringsOf } from '../../../../web/reader/strings/strings.ts';

const read = (tag: string): Map<string, string> => {
  const file = new URL(`../../../../web/reader/strings/${tag}.json`, import.meta.url);
  return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>));
};
const plural = /_(zero|one|two|few|many|other)$/u;
const base = (key: string) => key.replace(plural, '');
const english = read('en');
const places = (text: string) =>
  new Set([...text.matchAll(/\{\{(\w+)\}\}/gu)].map(([, name]) => name));

describe.each(languages)("the reader's strings in $name", ({ tag }) => {
  const strings = read(tag);

  test('have the keys of the English ones, each plural form, and no gap', () => {
    expect(new Set([...strings.keys()].map(base))).toEqual(new Set([...english.keys()].map(base)));
    const forms = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    for (const key of [...english.keys()].filter((one) => one.endsWith('_other')).map(base)) {
      expect(
        forms.filter((form) => !strings.has(`${key}_${form}`)),
        key,
      ).toEqual([]);
    }
    for (const [key, text] of strings) expect(text.trim(), key).not.toBe('');
  });

  test('have the same places for values', () => {
    for (const [key, text] of strings) {
      const known = places(english.get(key) ?? english.get(`${base(key)}_other`) ?? '');
      expect(places(text), key).toEqual(known);
    }
  });
});

test('English is at most fifteen words a sentence, and nothing is exclaimed', () => {
  for (const [key, text] of english) {
    expect(text, key).not.toContain('!');
    for (const sentence of text.split(/[.:•]\s/u)) {
      expect(sentence.split(/\s+/u).length, `${key}: ${sentence}`).toBeLessThanOrEqual(15);
    }
  }
});

test('a name can neither hide, reorder the words around it, nor pass for a value', () => {
  const t = stringsOf(languageOf('en'));
  const name = '\u202egnp.exe {{title}}\u2069';
  expect(t('line.in', { title: name })).toBe('in \u2068□gnp.exe {{title}}\u2069');
  expect(bare(t('line.in', { title: 'Bridge' }))).toBe('in Bridge');
});

test('counts take the form of their language', () => {
  expect(stringsOf(languageOf('uk'))('people.count', { count: 3 })).toBe('3 особи');
  expect(stringsOf(languageOf('ar'))('talk.messages', { count: 3 })).toBe('3 رسائل');
  expect(stringsOf(languageOf('de'))('found', { count: 8214 })).toBe('8.214 gefunden');
});
