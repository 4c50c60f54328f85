/** A language that this program speaks completely. */
export interface Language {
  /** BCP 47 tag; also the name of its file of strings. */
  readonly tag: 'en' | 'ar' | 'de' | 'uk';
  /** Its name in itself, as the switch shows it. */
  readonly name: string;
  readonly dir: 'ltr' | 'rtl';
}

/** Every language that has a complete file of strings; a test holds the two equal. */
export const languages: readonly Language[] = [
  { tag: 'en', name: 'English', dir: 'ltr' },
  { tag: 'ar', name: 'العربية', dir: 'rtl' },
  { tag: 'de', name: 'Deutsch', dir: 'ltr' },
  { tag: 'uk', name: 'Українська', dir: 'ltr' },
];

/** The first of the wanted tags (best first) that this program speaks, else English. */
export function chooseLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = languages.find((language) => language.tag === tag.split('-')[0]?.toLowerCase());
    if (found) return found;
  }
  return languages[0] as Language;
}
