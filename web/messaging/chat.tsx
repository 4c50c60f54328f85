import { useEffect, useMemo, useState } from 'react';
import type { ConversationView, MessageView } from '#client/model.ts';
import { OngoingHere } from '../calls/ongoing-card.tsx';
import { StartCall } from '../calls/start-call.tsx';
import { useStrings } from '../language/i18n.ts';
import { useClient, useMessages, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { Button, GoIconButton, IconButton, IconToggle } from '../ui/button.tsx';
import { Info, Search } from '../ui/icons.ts';
import { Pane } from '../ui/pane.tsx';
import { Name } from '../ui/party/party-badge.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { Note, Wait } from '../ui/surface.tsx';
import { useVeryWide, useWide } from '../ui/use-wide.ts';
import styles from './chat.module.css';
import { Composer, type ComposerTask } from './composer.tsx';
import { ConversationDetails } from './details.tsx';
import { firstUnread } from './log-lines.ts';
import type { MessageActions } from './message-menu.tsx';
import { MessageLog } from './message-log.tsx';
import { usePersonWords } from './person-words.ts';
import { useNewLines } from './use-new-lines.ts';

/** One conversation by its id, or what to do when this device does not have it. `at` is a message of it. */
export function Chat({ cid, at }: { cid: string; at?: string }) {
  const { t } = useStrings();
  const conversation = useMission().conversations.find((one) => one.cid === cid);
  if (conversation) return <OpenChat key={cid} conversation={conversation} at={at} />;
  return (
    <Pane title={t('chats.title')} heading={t('chats.title')} back="/chats">
      <Note>
        {t('chat.gone')} {t('chat.goneText')}
      </Note>
    </Pane>
  );
}

function OpenChat({
  conversation,
  at,
}: {
  conversation: ConversationView;
  at: string | undefined;
}) {
  const { t } = useStrings();
  const client = useClient();
  const { cid, memberCount, readOnly, title, unread, loading } = conversation;
  const { parties } = useMission().charter;
  const messages = useMessages(cid);
  const personWords = usePersonWords(parties);
  const { run } = useCommand();
  const isWide = useWide();
  const hasAside = useVeryWide();
  const [isDetailed, setDetailed] = useState(hasAside);
  const [task, setTask] = useState<ComposerTask>();
  const [doomed, setDoomed] = useState<MessageView>();
  // The mark stays where it was when the conversation was opened.
  const [newFrom] = useState(() => firstUnread(messages, unread));
  useNewLines(cid, messages, parties, loading !== undefined);

  useEffect(() => {
    const read = () => {
      if (unread > 0 && document.visibilityState === 'visible')
        void run(() => client.markRead(cid));
    };
    read();
    document.addEventListener('visibilitychange', read);
    return () => document.removeEventListener('visibilitychange', read);
  }, [unread, cid, client, run]);

  const actions: MessageActions = useMemo(
    () => ({
      reply: (message) => setTask({ kind: 'reply', message, person: personWords(message) }),
      react: (message, emoji) => void run(() => client.react(cid, message.sid, emoji)),
      copy: (message) => void run(() => navigator.clipboard.writeText(message.text)),
      edit: (message) => setTask({ kind: 'edit', message }),
      erase: setDoomed,
    }),
    [cid, client, personWords, run],
  );
  const editLast = () => {
    const last = messages.findLast(
      ({ isMine, kind, isDeleted }) => isMine && kind === 'text' && !isDeleted,
    );
    if (last) actions.edit(last);
  };
  const name = title === '' ? t('chats.untitled') : title;
  const isAsideOpen = hasAside && isDetailed;
  return (
    <div className={`${styles.split} ${isAsideOpen ? styles.withAside : ''}`}>
      <Pane
        title={name}
        heading={<Name>{name}</Name>}
        sub={t('chat.counts', {
          parties: t('chat.parties', { count: parties.length }),
          people: t('chat.people', { count: memberCount }),
        })}
        back={isWide ? undefined : '/chats'}
        hasLinkInSub={isWide}
        isPadded={false}
        tools={
          <>
            <StartCall cid={cid} />
            {isWide ? (
              <GoIconButton to={`/search/${cid}`} name={t('chat.search')} icon={Search} />
            ) : null}
            {hasAside ? (
              <IconToggle
                name={t('chat.details')}
                icon={Info}
                isOn={isDetailed}
                onChange={setDetailed}
              />
            ) : (
              <IconButton name={t('chat.details')} icon={Info} onPress={() => setDetailed(true)} />
            )}
          </>
        }
      >
        <div className={styles.pane}>
          <OngoingHere cid={cid} />
          <MessageLog
            conversation={conversation}
            messages={messages}
            newFrom={newFrom}
            at={at}
            actions={actions}
          />
          {loading ? (
            <div className={styles.readOnly}>
              <Wait>{t('chats.loading', { n: loading.done, m: loading.total })}</Wait>
            </div>
          ) : null}
          {readOnly === undefined ? (
            <Composer cid={cid} task={task} onTask={setTask} onEditLast={editLast} />
          ) : (
            <p className={styles.readOnly}>{readOnly}</p>
          )}
        </div>
      </Pane>
      {isAsideOpen ? (
        <aside className={styles.aside} aria-label={t('nav.details')}>
          <h2>{t('nav.details')}</h2>
          <ConversationDetails conversation={conversation} />
        </aside>
      ) : null}
      <Sheet
        title={t('nav.details')}
        isOpen={isDetailed && !hasAside}
        onClose={() => setDetailed(false)}
      >
        <ConversationDetails conversation={conversation} />
      </Sheet>
      <Sheet
        title={t('chat.deleteTitle')}
        isOpen={doomed !== undefined}
        onClose={() => setDoomed(undefined)}
        isUrgent
        actions={
          <>
            <Button onPress={() => setDoomed(undefined)}>{t('act.cancel')}</Button>
            <Button
              look="danger"
              onPress={() => {
                if (doomed) void run(() => client.erase(cid, doomed.sid));
                setDoomed(undefined);
              }}
            >
              {t('chat.delete')}
            </Button>
          </>
        }
      >
        <p>{t('chat.deleteText')}</p>
      </Sheet>
    </div>
  );
}
