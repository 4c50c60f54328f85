import { ChevronRight, Lock, MessagesSquare } from '../../ui/icons.ts';
import { Card } from '../../ui/surface.tsx';
import text from '../../ui/text.module.css';
import type { Library } from '../record/model.ts';
import { useWords } from '../strings/words.ts';
import type { Names } from './naming.ts';
import styles from './reader.module.css';

/** All conversations of the record; those without a key can be counted and not opened. */
export function Conversations({
  library,
  names,
  onOpen,
}: {
  library: Library;
  names: Names;
  onOpen: (cid: string) => void;
}) {
  const { t } = useWords();
  return (
    <Card className={styles.list}>
      <h2 className={styles.listTitle}>{t('talk.title')}</h2>
      <ul>
        {library.conversations.map((one) => {
          const isLocked = one.state === 'locked';
          const Icon = isLocked ? Lock : MessagesSquare;
          const state = isLocked ? 'talk.locked' : 'talk.partly';
          const content = (
            <>
              <Icon size={20} aria-hidden />
              <span className={styles.grow}>
                <bdi className={text.strong}>{names.conversation(one)}</bdi>
                <span className={styles.muted}>
                  {t('talk.messages', { count: one.messages })}
                  {one.state === 'open' ? '' : ` • ${t(state)}`}
                </span>
              </span>
            </>
          );
          return (
            <li key={one.cid}>
              {isLocked ? (
                <div className={styles.talk}>{content}</div>
              ) : (
                <button type="button" className={styles.talk} onClick={() => onOpen(one.cid)}>
                  {content}
                  <ChevronRight size={20} aria-hidden className={text.flip} />
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
