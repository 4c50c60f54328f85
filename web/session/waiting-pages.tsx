import { useStrings } from '../language/i18n.ts';
import { Button } from '../ui/button.tsx';
import { Logo } from '../ui/logo.tsx';
import { Wait } from '../ui/surface.tsx';
import styles from './session.module.css';
import { useTitle } from './title.ts';

/** While the engine opens what this device keeps. */
export function Starting() {
  const { t } = useStrings();
  useTitle(t('app.name'));
  return (
    <main id="main" className={styles.centre}>
      <Logo size={64} />
      <h1>{t('starting.title')}</h1>
      <Wait>{t('starting.says')}</Wait>
    </main>
  );
}

/** Another tab of this device works; two would disturb each other. */
export function Elsewhere() {
  const { t } = useStrings();
  useTitle(t('elsewhere.title'));
  return (
    <main id="main" className={styles.centre}>
      <Logo size={64} />
      <h1>{t('elsewhere.says')}</h1>
      <p>{t('elsewhere.advice')}</p>
      <Button onPress={() => location.reload()}>{t('elsewhere.reload')}</Button>
    </main>
  );
}
