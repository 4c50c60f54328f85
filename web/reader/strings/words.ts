import { createContext, useContext } from 'react';
import type { Language } from '../../language/languages.ts';
import { languageOf, stringsOf, type Say } from './strings.ts';

/** The language now spoken, and how to speak it. */
export interface Words {
  language: Language;
  t: Say;
}

/** Words in a language. */
export function wordsIn(language: Language): Words {
  return { language, t: stringsOf(language) };
}

/** Gives every screen below it the words of a language. */
export const WordsContext = createContext<Words>(wordsIn(languageOf('en')));

/** The words now spoken. */
export function useWords(): Words {
  return useContext(WordsContext);
}
