import { type DragEvent, useEffect, useState } from 'react';
import { chooseLanguage, type Language } from '../../language/languages.ts';
import { PartyPatterns } from '../../ui/party/patterns.tsx';
import type { ReaderSession } from '../record/session.ts';
import { wordsIn, WordsContext } from '../strings/words.tsx';
import { Checking } from './checking.tsx';
import { SessionContext, useReaderView, useSession } from './session-context.tsx';
import { Shelf } from './shelf.tsx';
import { Start } from './start.tsx';

/** The whole reader over one session, in this device's language. */
export function Reader({ session }: { session: ReaderSession }) {
  const [language, setLanguage] = useState(() => chooseLanguage(navigator.languages));
  useEffect(() => {
    document.documentElement.lang = language.tag;
    document.documentElement.dir = language.dir;
  }, [language]);
  return (
    <WordsContext value={wordsIn(language)}>
      <SessionContext value={session}>
        <PartyPatterns />
        <Stage onLanguage={setLanguage} />
      </SessionContext>
    </WordsContext>
  );
}

function Stage({ onLanguage }: { onLanguage: (language: Language) => void }) {
  const session = useSession();
  const view = useReaderView();
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    void session.give([...event.dataTransfer.files]);
  };
  return (
    // Dropping is a second way; the button does the same.
    <div onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
      {view.stage === 'start' ? <Start onLanguage={onLanguage} /> : null}
      {view.stage === 'checking' || view.stage === 'opening' ? (
        <Checking onLanguage={onLanguage} />
      ) : null}
      {view.stage === 'open' && view.library ? (
        <Shelf library={view.library} onLanguage={onLanguage} />
      ) : null}
    </div>
  );
}
