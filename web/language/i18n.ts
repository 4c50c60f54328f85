import i18next, { type ParseKeys } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import english from './en.json';
import type { Language } from './languages.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof english };
  }
}

/** Key of a string, checked against the English file. */
export type StringKey = ParseKeys;

/** Strings of each language but English, fetched only when chosen. */
const files: Record<Exclude<Language['tag'], 'en'>, () => Promise<{ default: object }>> = {
  ar: () => import('./ar.json'),
  de: () => import('./de.json'),
  uk: () => import('./uk.json'),
};

/** Starts the strings in English; call once before the first render. */
export async function startStrings(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: english } },
    // React escapes; a second escaping would show entities to people.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

/** Changes the strings, and the document's `lang` and `dir`, at once. */
export async function speak(language: Language): Promise<void> {
  const { tag } = language;
  if (tag !== 'en' && !i18next.hasResourceBundle(tag, 'translation')) {
    const file = await files[tag]();
    i18next.addResourceBundle(tag, 'translation', file.default);
  }
  await i18next.changeLanguage(tag);
  document.documentElement.lang = tag;
  document.documentElement.dir = language.dir;
}

/** `t` translates; `tag` is the language now spoken. Renders again when it changes. */
export function useStrings() {
  const { t, i18n } = useTranslation();
  return { t, tag: i18n.language };
}

/** True if there is a string for this key, for keys that an engine made. */
export function hasString(key: string): boolean {
  return i18next.exists(key);
}
