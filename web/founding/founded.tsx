import type { CharterView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { Button } from '../ui/button.tsx';
import { UserPlus } from '../ui/icons.ts';
import { Name } from '../ui/party/party-badge.tsx';
import { TableRing } from '../ui/party/table-ring.tsx';
import styles from './founding.module.css';
import { FoundingPage } from './founding-page.tsx';

/** The full table. `onGo` leads on; the engine may still be opening the mission. */
export function Founded({
  charter,
  onGo,
}: {
  charter: CharterView;
  onGo: (path: '/invite' | '/chats') => void;
}) {
  const { t } = useStrings();
  const count = charter.parties.length;
  return (
    <FoundingPage
      heading={t('founded.title')}
      actions={
        <>
          <Button look="primary" icon={UserPlus} onPress={() => onGo('/invite')}>
            {t('founded.invite')}
          </Button>
          <Button onPress={() => onGo('/chats')}>{t('founded.chats')}</Button>
        </>
      }
    >
      <div className={styles.centre}>
        <TableRing
          parties={charter.parties}
          isDone={() => true}
          label={t('sign.labelAll', { m: count })}
          big={String(count)}
          small={t('mission.ringSub', { count })}
          size={220}
        />
        <p>
          <Name>{charter.name}</Name>
        </p>
        <p>{t('founded.text')}</p>
      </div>
    </FoundingPage>
  );
}
