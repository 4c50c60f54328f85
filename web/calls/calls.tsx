import { useState } from 'react';
import type { ConversationView, MessageView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { shortTime } from '../language/time.ts';
import { usePersonWords } from '../messaging/person-words.ts';
import { useClient, useMission, useView } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { Button } from '../ui/button.tsx';
import { Phone, Users } from '../ui/icons.ts';
import { Pane } from '../ui/pane.tsx';
import { Avatar, Name } from '../ui/party/party-badge.tsx';
import { partyAt } from '../ui/party/slot.ts';
import { Sheet } from '../ui/sheet.tsx';
import { Card } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import { useWide } from '../ui/use-wide.ts';
import { isMissed, useCallWords } from './call-note.tsx';
import styles from './calls.module.css';
import { OngoingCards } from './ongoing-card.tsx';

/** Calls drawn at once, newest first. */
const mostCalls = 100;

/** Conferences that are on, and the calls of every conversation. */
export function Calls() {
  const { t } = useStrings();
  const history = useHistory();
  const isWide = useWide();
  return (
    <Pane
      title={t('calls.title')}
      heading={t('calls.title')}
      tools={isWide ? <StartConference /> : null}
      actions={isWide ? null : <StartConference />}
    >
      <OngoingCards />
      <Card>
        {history.length === 0 ? (
          <p className={text.muted}>{t('calls.none')}</p>
        ) : (
          <ul className={styles.list}>
            {history.map(({ conversation, message }) => (
              <Row key={message.sid} conversation={conversation} message={message} />
            ))}
          </ul>
        )}
      </Card>
    </Pane>
  );
}

interface Past {
  conversation: ConversationView;
  message: MessageView;
}

function useHistory(): readonly Past[] {
  const client = useClient();
  useView();
  return useMission()
    .conversations.flatMap((conversation) =>
      client
        .messages(conversation.cid)
        .filter(({ kind }) => kind === 'call')
        .map((message) => ({ conversation, message })),
    )
    .sort((a, b) => b.message.atMs - a.message.atMs)
    .slice(0, mostCalls);
}

function Row({ conversation, message }: Past) {
  const { t, tag } = useStrings();
  const client = useClient();
  const { run, isBusy } = useCommand();
  const { call: now } = useView();
  const { charter, people } = useMission();
  const words = useCallWords();
  const personWords = usePersonWords(charter.parties);
  const { call } = message;
  // The other end: whoever called, or whom the log names.
  const other = people.find(({ id, isMe }) => id === (call?.person ?? message.author) && !isMe);
  const isConference = call?.kind === 'conference';
  return (
    <li>
      {other && !isConference ? (
        <Avatar name={personWords(other)} party={partyAt(charter.parties, other.slot)} isSmall />
      ) : (
        <Users size={24} aria-hidden />
      )}
      <span className={styles.words}>
        <Name>
          {other && !isConference
            ? personWords(other)
            : conversation.title === ''
              ? t('chats.untitled')
              : conversation.title}
        </Name>
        <span className={`${styles.small} ${isMissed(message) ? styles.missed : ''}`}>
          {words(message)} • {shortTime(message.atMs, Date.now(), tag)}
        </span>
      </span>
      {other && !isConference && !now ? (
        <Button
          icon={Phone}
          isBusy={isBusy}
          onPress={() => void run(() => client.call(conversation.cid, other.id, false))}
        >
          {t('call.back')}
        </Button>
      ) : null}
    </li>
  );
}

/** Starts a conference in a conversation; asks which one only if there are several. */
function StartConference() {
  const { t } = useStrings();
  const client = useClient();
  const { run } = useCommand();
  const { call } = useView();
  const { conversations } = useMission();
  const [isChoosing, setChoosing] = useState(false);
  const [first] = conversations;
  if (!first || call) return null;
  const start = (cid: string) => {
    setChoosing(false);
    void run(() => client.confer(cid));
  };
  return (
    <>
      <Button
        icon={Users}
        look="primary"
        onPress={() => (conversations.length === 1 ? start(first.cid) : setChoosing(true))}
      >
        {t('calls.conference')}
      </Button>
      <Sheet title={t('calls.where')} isOpen={isChoosing} onClose={() => setChoosing(false)}>
        <div className={styles.people}>
          {conversations.map(({ cid, title }) => (
            <Button key={cid} onPress={() => start(cid)}>
              {title === '' ? t('chats.untitled') : <Name>{title}</Name>}
            </Button>
          ))}
        </div>
      </Sheet>
    </>
  );
}
