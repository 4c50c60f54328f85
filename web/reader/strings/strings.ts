import { cleanName } from '../../ui/party/clean-name.ts';
import { languages, type Language } from '../../language/languages.ts';
import { regionOf } from '../../language/time.ts';
import arabic from './ar.json';
import german from './de.json';
import english from './en.json';
import ukrainian from './uk.json';

type Bare<K> = K extends `${infer B}_${Intl.LDMLPluralRule}` ? B : K;

/** Key of a string; of one that counts without its plural form. */
export type StringKey = Bare<keyof typeof english>;

/** Says a string with values in it; `count` also chooses the plural form. */
export type Say = (key: StringKey, values?: Readonly<Record<string, string | number>>) => string;

const files: Record<Language['tag'], Readonly<Record<string, string>>> = {
  en: english,
  ar: arabic,
  de: german,
  uk: ukrainian,
};

/**
 * The strings of a language. Texts that people chose are cleaned and closed off against the words
 * around them (U+2068, U+2069), so that a name can neither hide nor reorder them.
 */
export function stringsOf({ tag }: Language): Say {
  const file = files[tag];
  const plural = new Intl.PluralRules(tag);
  const numbers = new Intl.NumberFormat(regionOf(tag));
  return (key, values = {}) => {
    const { count } = values;
    const form = typeof count === 'number' ? `${key}_${plural.select(count)}` : key;
    const text = file[form] ?? file[key] ?? key;
    return text.replaceAll(/\{\{(\w+)\}\}/gu, (_, name: string) => {
      const value = values[name] ?? '';
      if (typeof value === 'number') return numbers.format(value);
      return `\u2068${cleanName(bare(value))}\u2069`;
    });
  };
}

/** A text without the marks that close names off: for files, and for names put into other strings. */
export function bare(text: string): string {
  return text.replaceAll(/[\u2068\u2069]/gu, '');
}

/** The language of a tag that the switch offers; English if it offers none such. */
export function languageOf(tag: string): Language {
  return languages.find((language) => language.tag === tag) ?? (languages[0] as Language);
}
