import { type ReactNode, useEffect, useRef } from 'react';
import { LanguageSwitch } from '../language/language-switch.tsx';
import { useStrings } from '../language/i18n.ts';
import { LinkState } from '../session/link-state.tsx';
import { useTitle } from '../session/title.ts';
import { Logo } from '../ui/logo.tsx';
import styles from './arriving.module.css';

/** Frame of the screens before a mission: our name, the language, the link. */
export function ArrivalPage({
  title,
  heading,
  children,
}: {
  title: string;
  heading: ReactNode;
  children: ReactNode;
}) {
  const { t } = useStrings();
  useTitle(title);
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <div className={styles.page}>
      <header className={styles.top} role="banner">
        <span className={styles.brand}>
          <Logo />
          {t('app.name')}
        </span>
        <LanguageSwitch />
      </header>
      <main id="main" ref={main} tabIndex={-1} className={styles.content}>
        <LinkState />
        <h1>{heading}</h1>
        {children}
      </main>
    </div>
  );
}
