import type { ReactNode } from 'react';
import { CallBar } from '../calls/call-watch.tsx';
import { needCount } from '../closing/needs.ts';
import { useStrings } from '../language/i18n.ts';
import { useMission } from '../session/client-context.tsx';
import { Link, usePath } from '../session/route.tsx';
import { Landmark, type LucideIcon, MessagesSquare, Phone, Settings, Users } from '../ui/icons.ts';
import { Logo } from '../ui/logo.tsx';
import { useWide } from '../ui/use-wide.ts';
import styles from './shell.module.css';

/** Frame of a mission: the ways around, on a desk a list, and the screen. */
export function Shell({
  list,
  hasRail = true,
  children,
}: {
  /** What stands beside the main pane where there is room. */
  list?: ReactNode;
  /** False where a phone needs its whole height, such as in a chat. */
  hasRail?: boolean;
  children: ReactNode;
}) {
  const { t } = useStrings();
  const mission = useMission();
  const { conversations, claims, ongoing } = mission;
  const isWide = useWide();
  const unread = conversations.reduce((sum, conversation) => sum + conversation.unread, 0);
  return (
    <div
      className={[styles.app, list ? styles.withList : '', hasRail ? '' : styles.noRail].join(' ')}
    >
      {hasRail || isWide ? (
        <nav className={styles.rail} aria-label={t('nav.main')}>
          <span className={styles.logo}>
            <Logo size={44} />
          </span>
          <Way
            to="/chats"
            icon={MessagesSquare}
            words={t('nav.chats')}
            count={unread + claims.length}
            also={['/search']}
          />
          <Way to="/calls" icon={Phone} words={t('nav.calls')} count={ongoing.length} />
          <Way to="/people" icon={Users} words={t('nav.people')} also={['/invite']} />
          <Way
            to="/mission"
            icon={Landmark}
            words={t('nav.mission')}
            count={needCount(mission)}
            also={['/votes', '/close', '/me']}
            isPressing
          />
          {isWide ? <Way to="/settings" icon={Settings} words={t('nav.settings')} isLast /> : null}
        </nav>
      ) : null}
      {list && isWide ? (
        <section className={styles.list} aria-label={t('nav.conversations')}>
          {list}
        </section>
      ) : null}
      <div className={styles.main}>
        <CallBar />
        <div className={styles.screen}>{children}</div>
      </div>
    </div>
  );
}

function Way({
  to,
  icon: Icon,
  words,
  count = 0,
  also = [],
  isPressing = false,
  isLast = false,
}: {
  to: string;
  icon: LucideIcon;
  words: string;
  count?: number;
  /** Other routes that belong to this way. */
  also?: readonly string[];
  /** What is counted wants to be looked at now. */
  isPressing?: boolean;
  isLast?: boolean;
}) {
  const path = usePath();
  const isHere = [to, ...also].some((way) => path === way || path.startsWith(`${way}/`));
  return (
    <Link
      href={to}
      className={`${styles.item} ${isLast ? styles.desk : ''}`}
      {...(isHere ? { 'aria-current': 'page' as const } : {})}
    >
      <span className={styles.icon}>
        <Icon size={24} aria-hidden />
      </span>
      {words}
      {count > 0 ? (
        <span className={`${styles.count} ${isPressing ? styles.pressing : ''}`} aria-hidden>
          {count}
        </span>
      ) : null}
    </Link>
  );
}
