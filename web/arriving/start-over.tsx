import { useState } from 'react';
import { useStrings } from '../language/i18n.ts';
import { useGo } from '../session/route.tsx';
import { Button } from '../ui/button.tsx';
import { Sheet } from '../ui/sheet.tsx';

/** The way past a founding that a stranger opened first, for people who stand before the box. */
export function StartOver() {
  const { t } = useStrings();
  const go = useGo();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button isWide onPress={() => setAsking(true)}>
        {t('startOver.open')}
      </Button>
      <Sheet
        title={t('startOver.title')}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        isUrgent
        actions={
          <>
            <Button onPress={() => setAsking(false)}>{t('act.cancel')}</Button>
            <Button look="primary" onPress={() => go('/found/anew')}>
              {t('startOver.go')}
            </Button>
          </>
        }
      >
        <p>{t('startOver.text')}</p>
        <p>{t('startOver.when')}</p>
      </Sheet>
    </>
  );
}
