import { useStrings } from '../language/i18n.ts';
import { GoButton } from '../ui/button.tsx';
import { Pencil } from '../ui/icons.ts';
import styles from './board.module.css';

/** The board of a conversation as a line of its log. */
export function BoardNote({ cid }: { cid: string }) {
  const { t } = useStrings();
  return (
    <span className={styles.note}>
      {t('board.here')}
      <GoButton to={`/chats/${cid}/board`} icon={Pencil}>
        {t('board.open')}
      </GoButton>
    </span>
  );
}
