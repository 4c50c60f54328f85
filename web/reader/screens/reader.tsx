import { type DragEvent, useEffect, useRef, useState } from 'react';
import { chooseLanguage, type Language } from '../../language/languages.ts';
import { PartyPatterns } from '../../ui/party/patterns.tsx';
import type { ReaderSession } from '../record/session.ts';
import { wordsIn, WordsContext } from '../strings/words.ts';
import { Checking } from './checking.tsx';
import { focusMain } from './focus-main.ts';
import { SessionContext, useReaderView, useSession } from './session-context.ts';
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
  const { stage } = view;
  const shown = useRef(stage);
  useEffect(() => {
    // The control that led here is gone; nothing else keeps the place.
    if (shown.current !== stage) focusMain();
    shown.current = stage;
  }, [stage]);
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    void session.give([...event.dataTransfer.files]);
  };
  return (
    // Dropping is a second way; the button does the same.
    <div onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
      {stage === 'start' ? <Start onLanguage={onLanguage} /> : null}
      {stage === 'checking' || stage === 'opening' ? <Checking onLanguage={onLanguage} /> : null}
      {stage === 'open' && view.library ? (
        <Shelf library={view.library} onLanguage={onLanguage} />
      ) : null}
    </div>
  );
}
