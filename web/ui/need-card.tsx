import type { ReactNode } from 'react';
import { useGo } from '../session/route.tsx';
import { AriaButton } from './aria.ts';
import { ChevronRight, type LucideIcon } from './icons.ts';
import styles from './need-card.module.css';
import text from './text.module.css';

/** A card that leads to what waits for this person: saffron, or white if nothing is to be done. */
export function NeedCard({
  icon: Icon,
  title,
  children,
  onPress,
  isQuiet = false,
}: {
  icon: LucideIcon;
  title: ReactNode;
  children: ReactNode;
  onPress: () => void;
  isQuiet?: boolean;
}) {
  return (
    <AriaButton className={`${styles.need} ${isQuiet ? styles.quiet : ''}`} onPress={onPress}>
      <Icon size={26} aria-hidden />
      <span>
        <b>{title}</b>
        <span className={styles.more}>{children}</span>
      </span>
      <ChevronRight size={22} className={text.flip} aria-hidden />
    </AriaButton>
  );
}

/** The same as a way to another screen. */
export function GoNeedCard({
  to,
  ...card
}: {
  to: string;
  icon: LucideIcon;
  title: ReactNode;
  children: ReactNode;
  isQuiet?: boolean;
}) {
  const go = useGo();
  return <NeedCard {...card} onPress={() => go(to)} />;
}
