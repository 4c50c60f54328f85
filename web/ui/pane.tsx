import { type ReactNode, useEffect, useRef } from 'react';
import { useStrings } from '../language/i18n.ts';
import { useView } from '../session/client-context.tsx';
import { LinkState } from '../session/link-state.tsx';
import { useTitle } from '../session/title.ts';
import { usePath } from '../session/route.tsx';
import { IconButton, GoIconButton } from './button.tsx';
import { ChevronLeft } from './icons.ts';
import styles from './pane.module.css';
import { useWide } from './use-wide.ts';

interface PaneProps {
  /** The one h1 of the screen. */
  heading: ReactNode;
  /** The same in plain text, for the title of the page. */
  title: string;
  sub?: ReactNode;
  /** Route or action of "Back"; absent where nothing lies behind. */
  back?: string | (() => void) | undefined;
  /** Pictures at the end of the header. */
  tools?: ReactNode;
  /** Deciding buttons, always within reach of a thumb. */
  actions?: ReactNode;
  /** False where the content brings its own layout, such as a log. */
  isPadded?: boolean;
  children: ReactNode;
  /** True if the sub line shows the state of the link itself. */
  hasLinkInSub?: boolean;
}

/** A screen: header with the heading and the link, content, actions beneath. */
export function Pane({
  heading,
  title,
  sub,
  back,
  tools,
  actions,
  isPadded = true,
  hasLinkInSub = false,
  children,
}: PaneProps) {
  const { t } = useStrings();
  const { link } = useView();
  const isWide = useWide();
  useTitle(title);
  const main = useRef<HTMLElement>(null);
  const path = usePath();
  // A new screen begins at its top, for eyes and for screen readers.
  useEffect(() => {
    const isInDialog = document.activeElement?.closest('[role=dialog],[role=alertdialog]');
    if (!isInDialog && document.activeElement === document.body)
      main.current?.focus({ preventScroll: true });
  }, [path]);
  // A phone has no room for both: trouble with the link is said instead of the sub line.
  const isTight = !isWide && !hasLinkInSub && link.state !== 'linked';
  return (
    <div className={styles.pane}>
      <header className={styles.top} role="banner">
        {typeof back === 'string' ? (
          <GoIconButton name={t('act.back')} icon={ChevronLeft} to={back} />
        ) : back ? (
          <IconButton name={t('act.back')} icon={ChevronLeft} onPress={back} />
        ) : null}
        <div className={styles.titles}>
          <h1>{heading}</h1>
          {isTight || sub ? (
            <div className={styles.sub}>{isTight ? <LinkState /> : sub}</div>
          ) : null}
        </div>
        {hasLinkInSub || isTight ? null : <LinkState isShort />}
        {tools}
      </header>
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        {isPadded ? <div className={styles.body}>{children}</div> : children}
      </main>
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </div>
  );
}
