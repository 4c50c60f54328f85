import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { chooseLanguage, languages } from '../../../../web/language/languages.ts';

type Strings = { [key: string]: string | Strings };

const read = (tag: string): Map<string, string> => {
  const file = new URL(`../../../../web/language/${tag}.json`, import.meta.url);
  const found = new Map<string, string>();
  const walk = (strings: Strings, path: string) => {
    for (const [key, value] of Object.entries(strings)) {
      if (typeof value === 'string') found.set(path + key, value);
      else walk(value, `${path}${key}.`);
    }
  };
  walk(JSON.parse(readFileSync(file, 'utf8')) as Strings, '');
  return found;
};
const plural = /_(zero|one|two|few|many|other)$/u;
const base = (key: string) => key.replace(plural, '');
const english = read('en');
const englishKeys = new Set([...english.keys()].map(base));
const places = (text: string) =>
  new Set([...text.matchAll(/\{\{(\w+)\}\}/gu)].map(([, name]) => name));

describe.each(languages)('the strings of $name', ({ tag }) => {
  const strings = read(tag);

  test('have the same keys as the English ones', () => {
    expect(new Set([...strings.keys()].map(base))).toEqual(englishKeys);
  });

  test('have every plural form that the language needs', () => {
    const forms = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    const counted = [...english.keys()].filter((key) => key.endsWith('_other')).map(base);
    for (const key of counted) {
      const there = forms.filter((form) => strings.has(`${key}_${form}`));
      expect(there, key).toEqual(forms);
    }
  });

  test('name no value that the English ones do not know, and drop none but a count', () => {
    for (const [key, text] of strings) {
      const known = places(english.get(key) ?? english.get(`${base(key)}_other`) ?? '');
      for (const name of places(text)) expect(known, `${key} ${name}`).toContain(name);
      if (!plural.test(key)) expect(places(text), key).toEqual(known);
    }
  });

  test('leave no string empty', () => {
    for (const [key, text] of strings) expect(text.trim(), key).not.toBe('');
  });

  test('give each picture of the safety code a word of its own', () => {
    const words = [...strings]
      .filter(([key]) => key.startsWith('picture.'))
      .map(([, word]) => word);
    expect(words).toHaveLength(100);
    expect(new Set(words.map((word) => word.toLocaleLowerCase(tag))).size).toBe(100);
  });
});

test('English is at most fifteen words a sentence', () => {
  for (const [key, text] of english) {
    for (const sentence of text.split(/[.:•]\s/u)) {
      expect(sentence.split(/\s+/u).length, `${key}: ${sentence}`).toBeLessThanOrEqual(15);
    }
  }
});

test('nothing is exclaimed', () => {
  for (const [key, text] of english) expect(text, key).not.toContain('!');
});

test('a device gets the first language it asks for that is spoken here, else English', () => {
  expect(chooseLanguage(['fr-FR', 'uk-UA', 'en']).tag).toBe('uk');
  expect(chooseLanguage(['AR-EG']).dir).toBe('rtl');
  expect(chooseLanguage(['tlh']).tag).toBe('en');
  expect(chooseLanguage([]).tag).toBe('en');
});
