import type { BoardView } from '#client/call-model.ts';
import { useStrings } from '../language/i18n.ts';
import { usePersonWords } from '../messaging/person-words.ts';
import { useMission } from '../session/client-context.tsx';
import { Avatar, Name } from '../ui/party/party-badge.tsx';
import { partyAt } from '../ui/party/slot.ts';
import styles from './board.module.css';

/** Who draws or points here now; oneself first. */
export function BoardPeople({ board }: { board: BoardView }) {
  const { t } = useStrings();
  const { charter, me } = useMission();
  const personWords = usePersonWords(charter.parties);
  const others = board.pointers.map((pointer) => ({ ...pointer, isMe: false }));
  return (
    <ul className={styles.people}>
      {[{ ...me, device: 'me' }, ...others].map((person) => {
        const name = personWords(person);
        return (
          <li key={person.device}>
            <Avatar name={name} party={partyAt(charter.parties, person.slot)} isSmall />
            <Name>{person.isMe ? t('people.you', { name }) : name}</Name>
          </li>
        );
      })}
    </ul>
  );
}
