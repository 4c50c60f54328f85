import type { PersonView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { usePersonWords } from '../messaging/person-words.ts';
import { useClient, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { IconButton } from '../ui/button.tsx';
import { Phone, Video } from '../ui/icons.ts';
import { Avatar, Name } from '../ui/party/party-badge.tsx';
import { partyAt } from '../ui/party/slot.ts';
import styles from './calls.module.css';

/** "Call" and "Video call" for one person, named for screen readers, or with a face. */
export function PersonCalls({
  person,
  cid,
  isNamed = false,
  onCall,
}: {
  person: PersonView;
  cid: string;
  isNamed?: boolean;
  onCall?: () => void;
}) {
  const { t } = useStrings();
  const client = useClient();
  const { run } = useCommand();
  const { parties } = useMission().charter;
  const name = usePersonWords(parties)(person);
  const ring = (withVideo: boolean) => {
    onCall?.();
    void run(() => client.call(cid, person.id, withVideo));
  };
  return (
    <>
      {isNamed ? (
        <>
          <Avatar name={name} party={partyAt(parties, person.slot)} isSmall />
          <span className={styles.words}>
            <Name>{name}</Name>
          </span>
        </>
      ) : null}
      <IconButton name={t('calls.callPerson', { name })} icon={Phone} onPress={() => ring(false)} />
      <IconButton name={t('calls.videoPerson', { name })} icon={Video} onPress={() => ring(true)} />
    </>
  );
}
