import { useState } from 'react';
import type { ConversationView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { useClient, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button, GoButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { PenLine, Search } from '../ui/icons.ts';
import { Avatar, Name, PartyName } from '../ui/party/party-badge.tsx';
import { partyAt } from '../ui/party/slot.ts';
import { TableRing } from '../ui/party/table-ring.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { Note } from '../ui/surface.tsx';
import { useWide } from '../ui/use-wide.ts';
import text from '../ui/text.module.css';
import styles from './chat.module.css';
import { usePersonWords } from './person-words.ts';
import { longestTitle } from './title-limit.ts';

/** What a conversation is: its parties, its people, who reads the past. */
export function ConversationDetails({ conversation }: { conversation: ConversationView }) {
  const { t } = useStrings();
  const { charter, people } = useMission();
  const isWide = useWide();
  const { parties } = charter;
  const personWords = usePersonWords(parties);
  const words = {
    all: t('chat.historyAll'),
    join: t('chat.historyJoin'),
    none: t('chat.historyNone'),
  }[conversation.history];
  return (
    <div className={styles.details}>
      <div className={styles.facts}>
        <TableRing parties={parties} isDone={() => true} size={96} />
        <div>
          <p className={text.strong}>{t('chat.parties', { count: parties.length })}</p>
          <p className={text.muted}>{t('chat.people', { count: conversation.memberCount })}</p>
        </div>
      </div>
      <Note>{words}</Note>
      {/* The header of a phone has no room for it beside the title. */}
      {isWide ? null : (
        <GoButton to={`/search/${conversation.cid}`} icon={Search}>
          {t('chat.search')}
        </GoButton>
      )}
      <Rename conversation={conversation} />
      <h3>{t('chat.members')}</h3>
      <ul className={styles.members}>
        {people.map((person) => {
          const party = partyAt(parties, person.slot);
          const name = personWords(person);
          return (
            <li key={person.id}>
              <Avatar name={name} party={party} isSmall />
              <span>
                <Name>{person.isMe ? t('people.you', { name }) : name}</Name>
                <small>{party ? <PartyName party={party} /> : null}</small>
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Rename({ conversation: { cid, title } }: { conversation: ConversationView }) {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy, problem } = useCommand({ here: true });
  const [wanted, setWanted] = useState<string>();
  const rename = async () => {
    const next = wanted?.trim() ?? '';
    if (next !== '' && (await run(() => client.rename(cid, next)))) setWanted(undefined);
  };
  return (
    <>
      <Button icon={PenLine} onPress={() => setWanted(title)}>
        {t('chat.rename')}
      </Button>
      <Sheet
        title={t('chat.rename')}
        isOpen={wanted !== undefined}
        onClose={() => setWanted(undefined)}
        actions={
          <Button look="primary" isBusy={isBusy} onPress={() => void rename()}>
            {t('act.save')}
          </Button>
        }
      >
        <Field
          label={t('newChat.title')}
          hint={t('newChat.hint')}
          error={wanted?.trim() === '' ? t('newChat.empty') : undefined}
          value={wanted ?? ''}
          onChange={setWanted}
          maxLength={longestTitle}
          autoFocus
        />
        <ProblemNote problem={problem} />
      </Sheet>
    </>
  );
}
