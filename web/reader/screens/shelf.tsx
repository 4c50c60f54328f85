import { useDeferredValue, useMemo, useState } from 'react';
import type { Language } from '../../language/languages.ts';
import { ChevronLeft, Info, ShieldAlert, ShieldCheck } from '../../ui/icons.ts';
import { Note, Pill } from '../../ui/surface.tsx';
import type { Library } from '../record/model.ts';
import { useWords } from '../strings/words.ts';
import { About } from './about.tsx';
import { BoardPanel } from './board.tsx';
import { Conversations } from './conversations.tsx';
import { Entries } from './entries.tsx';
import { chosen, everything, isNarrow, type Filter } from './filter.ts';
import { Filters } from './filters.tsx';
import { focusMain } from './focus-main.ts';
import { Header } from './header.tsx';
import { Hidden } from './hidden.tsx';
import { namesFor } from './naming.ts';
import { People } from './people.tsx';
import { Press } from './press.tsx';
import styles from './reader.module.css';
import { useReaderView } from './session-context.ts';
import { Unlock } from './unlock.tsx';

/** An open record: what was said in it, and beside it what it is. */
export function Shelf({
  library,
  onLanguage,
}: {
  library: Library;
  onLanguage: (language: Language) => void;
}) {
  const words = useWords();
  const { t } = words;
  const { found } = useReaderView();
  const [filter, setFilter] = useState<Filter>(everything);
  const names = useMemo(() => namesFor(library, words), [library, words]);
  // Typing goes on while a long record is searched.
  const asked = useDeferredValue(filter);
  const entries = useMemo(() => chosen(library, asked, names), [library, asked, names]);
  const lead = (to: Filter) => {
    setFilter(to);
    focusMain();
  };
  const failed = found?.faults.length ?? 0;
  const isOpen = library.openedAs !== undefined;
  const conversation = library.conversations.find(({ cid }) => cid === filter.cid);
  return (
    <>
      <Header title={library.mission ?? t('title')} onLanguage={onLanguage}>
        <span className={styles.state}>
          {failed === 0 ? (
            <Pill icon={ShieldCheck} tone="ok">
              {t('state.all')}
            </Pill>
          ) : (
            <Pill icon={ShieldAlert} tone="attention">
              {t('state.failed', { count: failed })}
            </Pill>
          )}
        </span>
      </Header>
      <div className={styles.shelf}>
        <main id="main" tabIndex={-1} className={styles.main}>
          <Outcome />
          {isOpen ? null : <Unlock />}
          {isOpen ? (
            <Filters
              library={library}
              names={names}
              filter={filter}
              found={entries.length}
              onChange={setFilter}
            />
          ) : null}
          {conversation ? (
            <div className={styles.heading}>
              <Press look="quiet" icon={ChevronLeft} onPress={() => lead(everything)}>
                {t('talk.all')}
              </Press>
              <h2>
                <bdi>{names.conversation(conversation)}</bdi>
              </h2>
            </div>
          ) : null}
          {conversation && !isNarrow(filter) ? (
            <BoardPanel board={conversation.board} title={names.conversation(conversation)} />
          ) : null}
          {conversation || isNarrow(filter) ? (
            <Entries
              key={JSON.stringify(asked)}
              entries={entries}
              library={library}
              names={names}
              query={asked.query}
              isAnywhere={!conversation}
            />
          ) : (
            <>
              <Conversations
                library={library}
                names={names}
                onOpen={(cid) => lead({ ...everything, cid })}
              />
              <People library={library} names={names} />
            </>
          )}
          {conversation && !isNarrow(filter) ? (
            <Hidden hidden={conversation.hidden} names={names} />
          ) : null}
        </main>
        <About library={library} names={names} />
      </div>
    </>
  );
}

/** What the check came to, in a sentence; whatever failed, in a list. */
function Outcome() {
  const { t } = useWords();
  const { found } = useReaderView();
  if (!found) return null;
  const { faults, signatures } = found;
  if (faults.length === 0) {
    return (
      <div className={styles.narrowOnly}>
        <Note tone="ok">{t('state.hold', { count: signatures })}</Note>
      </div>
    );
  }
  return (
    <Note tone="bad">
      <h2 className={styles.noteTitle}>{t('state.faults')}</h2>
      {/* The checker's own sentences are English in every language. */}
      <ul className={styles.faults} lang="en">
        {faults.map(({ code, says }, at) => (
          <li key={at}>
            {says} <code>{code}</code>
          </li>
        ))}
      </ul>
      <p>
        <Info size={15} aria-hidden className={styles.inline} /> {t('state.faultsText')}
      </p>
    </Note>
  );
}
