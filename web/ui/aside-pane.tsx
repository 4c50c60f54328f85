import type { ComponentProps, ReactNode } from 'react';
import styles from './aside-pane.module.css';
import { Pane } from './pane.tsx';
import { useVeryWide } from './use-wide.ts';

/** A screen with something beside it; where there is no room, that follows beneath. */
export function AsidePane({
  aside,
  children,
  ...pane
}: ComponentProps<typeof Pane> & { aside: { title: string; content: ReactNode } }) {
  const isBeside = useVeryWide();
  const content = (
    <>
      <h2>{aside.title}</h2>
      {aside.content}
    </>
  );
  return (
    <div className={`${styles.split} ${isBeside ? styles.withAside : ''}`}>
      <Pane {...pane}>
        {children}
        {isBeside ? null : <section className={styles.beneath}>{content}</section>}
      </Pane>
      {isBeside ? (
        <aside className={styles.aside} aria-label={aside.title}>
          {content}
        </aside>
      ) : null}
    </div>
  );
}
