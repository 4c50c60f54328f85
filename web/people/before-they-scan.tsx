import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { TriangleAlert } from '../ui/icons.ts';
import { Card } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import styles from './people.module.css';

/**
 * What to tell people before they scan. It stands here, since their browser's
 * warning comes before any page of ours could explain it.
 */
export function BeforeTheyScan({ lead, address }: { lead: string; address: string }) {
  const { t } = useStrings();
  const origin = URL.canParse(address) ? new URL(address).origin : '';
  return (
    <Card className={styles.stack}>
      <h2>{t('invite.stepsTitle')}</h2>
      <ol className={styles.steps}>
        <li>
          <span>{t('invite.step1')}</span>
        </li>
        <li>
          <div>
            {t('invite.step2')}
            <div className={styles.browser} aria-hidden>
              <span>
                <TriangleAlert size={16} /> {origin}
              </span>
              <b>{t('invite.notPrivate')}</b>
              <span>
                <span className={`${styles.fake} ${styles.marked}`}>{t('invite.advanced')}</span>
                <span className={styles.fake}>{t('invite.backToSafety')}</span>
              </span>
            </div>
            <p className={`${text.small} ${text.muted}`}>{t('invite.stepOther')}</p>
          </div>
        </li>
        <li>
          <span>
            <Phrase of="invite.step3" values={{ name: lead }} />
          </span>
        </li>
      </ol>
    </Card>
  );
}
