import type { ReactNode } from 'react';
import { useStrings } from '../language/i18n.ts';
import { Logo } from '../ui/logo.tsx';
import { Pane } from '../ui/pane.tsx';
import { Steps } from '../ui/surface.tsx';
import styles from './founding.module.css';

/** Steps of a founding as people see them. */
const steps = ['party', 'key', 'code', 'sign'] as const;
/** One step of the ceremony. */
export type Step = (typeof steps)[number];

/** Frame of the ceremony: where we are, the content, and on a desk who is awaited. */
export function FoundingPage({
  step,
  heading,
  back,
  actions,
  aside,
  children,
}: {
  step?: Step;
  heading: ReactNode;
  back?: string | (() => void);
  actions?: ReactNode;
  aside?: { title: string; content: ReactNode };
  children: ReactNode;
}) {
  const { t } = useStrings();
  const now = step ? steps.indexOf(step) + 1 : 0;
  const words = step
    ? t('found.step', { n: now, m: steps.length, name: t(`found.steps.${step}`) })
    : undefined;
  return (
    <div className={`${styles.shell} ${aside ? styles.withAside : ''}`}>
      <div className={styles.rail}>
        <Logo size={44} />
      </div>
      <Pane
        title={t('found.title')}
        heading={t('found.title')}
        sub={words}
        back={back}
        actions={actions}
      >
        {step ? <Steps now={now} of={steps.length} name={t('found.progress')} /> : null}
        <h2>{heading}</h2>
        {children}
        {aside ? <div className={styles.inline}>{aside.content}</div> : null}
      </Pane>
      {aside ? (
        <aside className={styles.aside} aria-label={aside.title}>
          <h2>{aside.title}</h2>
          {aside.content}
        </aside>
      ) : null}
    </div>
  );
}
