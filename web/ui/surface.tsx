import type { ReactNode } from 'react';
import { CircleCheck, Info, type LucideIcon, TriangleAlert } from './icons.ts';
import styles from './surface.module.css';

/** A white sheet with a border. */
export function Card({
  children,
  className = '',
}: {
  children: ReactNode;
  className?: string | undefined;
}) {
  return <div className={`${styles.card} ${className}`}>{children}</div>;
}

type Tone = 'plain' | 'attention' | 'bad' | 'ok';
const icons: Record<Tone, LucideIcon> = {
  plain: Info,
  attention: TriangleAlert,
  bad: TriangleAlert,
  ok: CircleCheck,
};

/** A remark beside what it is about; a `bad` one is spoken at once. */
export function Note({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  const Icon = icons[tone];
  return (
    <div
      className={`${styles.note} ${styles[tone] ?? ''}`}
      role={tone === 'bad' ? 'alert' : undefined}
    >
      <Icon size={22} aria-hidden />
      <div>{children}</div>
    </div>
  );
}

/** A short state: picture and word. */
export function Pill({
  icon: Icon,
  tone = 'plain',
  children,
}: {
  icon?: LucideIcon;
  tone?: Tone;
  children: ReactNode;
}) {
  return (
    <span className={`${styles.pill} ${styles[tone] ?? ''}`}>
      {Icon ? <Icon size={15} aria-hidden /> : null}
      <span>{children}</span>
    </span>
  );
}

/** How far a ceremony is; the header says the same in words. */
export function Steps({ now, of, name }: { now: number; of: number; name: string }) {
  return (
    <ol
      className={styles.steps}
      role="progressbar"
      aria-label={name}
      aria-valuemin={1}
      aria-valuemax={of}
      aria-valuenow={now}
    >
      {Array.from({ length: of }, (_, at) => (
        <li
          key={at}
          role="presentation"
          className={at + 1 < now ? styles.done : at + 1 === now ? styles.now : undefined}
        />
      ))}
    </ol>
  );
}

/** A wait with its words; never a spinner alone. */
export function Wait({ children }: { children: ReactNode }) {
  return (
    <p className={styles.wait} role="status">
      <span className={styles.dots} aria-hidden>
        <i />
        <i />
        <i />
      </span>
      <span>{children}</span>
    </p>
  );
}
