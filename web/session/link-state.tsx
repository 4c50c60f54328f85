import type { Link } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { Clock, type LucideIcon, RefreshCw, WifiOff } from '../ui/icons.ts';
import { Pill } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import { useView } from './client-context.tsx';
import styles from './session.module.css';

/** The state of the way to the box in words. */
function useLinkWords(): string {
  const { t } = useStrings();
  const { link } = useView();
  if (link.state === 'linked') return t('link.linked');
  if (link.state === 'slow') return t('link.slow');
  if (link.state === 'none') return t('link.none');
  return t('link.catchingUp', { n: link.done, m: link.total });
}

const icons: Record<Exclude<Link['state'], 'linked'>, LucideIcon> = {
  slow: Clock,
  'catching-up': RefreshCw,
  none: WifiOff,
};

/**
 * The link to the box: a dot while all is well, a picture with words when not.
 * `isShort` leaves out the words of the good state for eyes, never for screen readers.
 */
export function LinkState({ isShort = false }: { isShort?: boolean }) {
  const { link } = useView();
  const words = useLinkWords();
  if (link.state !== 'linked') {
    return (
      <span role="status" className={styles.link}>
        <Pill icon={icons[link.state]}>{words}</Pill>
      </span>
    );
  }
  return (
    <span role="status" className={styles.link}>
      <span className={styles.dot} aria-hidden />
      <span className={isShort ? text.unseen : undefined}>{words}</span>
    </span>
  );
}
