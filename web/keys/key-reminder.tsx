import { useStrings } from '../language/i18n.ts';
import { prefer, usePreferences } from '../session/preferences.ts';
import { Button, GoButton } from '../ui/button.tsx';
import { Printer } from '../ui/icons.ts';
import { Card } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import styles from './keys.module.css';

/** Stands until the key card is made, or the person says that it is kept another way. */
export function KeyReminder() {
  const { t } = useStrings();
  const { hasKeyCard } = usePreferences();
  if (hasKeyCard) return null;
  return (
    <Card className={styles.stack}>
      <h2>{t('keyCard.title')}</h2>
      <p className={text.muted}>{t('keyCard.why')}</p>
      <div className={styles.acts}>
        <GoButton to="/me/key-card" icon={Printer}>
          {t('keyCard.print')}
        </GoButton>
        <KeptAnotherWay />
      </div>
    </Card>
  );
}

/** "I saved it another way": ends the reminder. */
export function KeptAnotherWay() {
  const { t } = useStrings();
  return (
    <Button look="quiet" onPress={() => prefer({ hasKeyCard: true })}>
      {t('keyCard.kept')}
    </Button>
  );
}
