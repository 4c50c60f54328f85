import { type ReactNode, useEffect } from 'react';
import { languages, type Language } from '../../language/languages.ts';
import { Logo } from '../../ui/logo.tsx';
import { Name } from '../../ui/party/party-badge.tsx';
import text from '../../ui/text.module.css';
import { languageOf } from '../strings/strings.ts';
import { useWords } from '../strings/words.ts';
import { focusMain } from './focus-main.ts';
import styles from './reader.module.css';

/** What stands above every screen: what is open, how it stands, and the language. */
export function Header({
  title,
  children,
  onLanguage,
}: {
  title: string;
  children?: ReactNode;
  onLanguage: (language: Language) => void;
}) {
  const { language, t } = useWords();
  useEffect(() => {
    document.title = `${title} · Parley`;
  }, [title]);
  return (
    <header className={styles.header}>
      <button type="button" className={styles.skip} onClick={focusMain}>
        {t('skip')}
      </button>
      <Logo />
      <div className={styles.title}>
        <h1>
          <Name>{title}</Name>
        </h1>
        <p className={`${text.tiny} ${text.muted}`}>{t('readOnly')}</p>
      </div>
      {children}
      <select
        className={styles.pill}
        aria-label={t('language')}
        value={language.tag}
        onChange={({ target }) => onLanguage(languageOf(target.value))}
      >
        {languages.map(({ name, tag }) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </select>
    </header>
  );
}
