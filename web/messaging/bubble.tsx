import type { MessageView, PartyView } from '#client/model.ts';
import { BoardNote } from '../board/board-note.tsx';
import { CallNote } from '../calls/call-note.tsx';
import { FileBox } from '../files/file-box.tsx';
import { useStrings } from '../language/i18n.ts';
import { clockTime } from '../language/time.ts';
import { ToggleButton } from '../ui/aria.ts';
import { Check, Clock } from '../ui/icons.ts';
import { Avatar, Name, PartyName } from '../ui/party/party-badge.tsx';
import { partyAt } from '../ui/party/slot.ts';
import text from '../ui/text.module.css';
import styles from './chat.module.css';
import { MessageMenu, type MessageActions } from './message-menu.tsx';
import { usePersonWords } from './person-words.ts';

/** One message with its author, text, time, state, reactions and menu. */
export function Bubble({
  cid,
  message,
  parties,
  isRunStart,
  isRunEnd,
  actions,
}: {
  cid: string;
  message: MessageView;
  parties: readonly PartyView[];
  isRunStart: boolean;
  isRunEnd: boolean;
  actions: MessageActions;
}) {
  const { isMine, slot } = message;
  const party = partyAt(parties, slot);
  const person = usePersonWords(parties)(message);
  return (
    <>
      <div className={styles.line}>
        {isMine ? null : isRunEnd ? (
          <Avatar name={person} party={party} isSmall />
        ) : (
          <span className={styles.place} />
        )}
        <div className={styles.bubble}>
          {isRunStart && !isMine ? (
            <span className={styles.who}>
              <Name>{person}</Name>
              {party ? (
                <>
                  {' • '}
                  <PartyName party={party} />
                </>
              ) : null}
            </span>
          ) : null}
          <Quote message={message} parties={parties} />
          <Words cid={cid} message={message} />
        </div>
        <MessageMenu message={message} actions={actions} />
      </div>
      <Reactions message={message} onReact={actions.react} />
    </>
  );
}

function Quote({ message, parties }: { message: MessageView; parties: readonly PartyView[] }) {
  const person = usePersonWords(parties);
  const { reply } = message;
  if (!reply || message.isDeleted) return null;
  return (
    <p className={styles.quote}>
      {reply.name ? <b>{<Name>{person({ name: reply.name, slot: message.slot })}</Name>}</b> : null}{' '}
      <bdi>{reply.text}</bdi>
    </p>
  );
}

function Words({ cid, message }: { cid: string; message: MessageView }) {
  const { t } = useStrings();
  const { isDeleted, kind } = message;
  const instead = isDeleted
    ? t('chat.deleted')
    : kind === 'locked'
      ? t('chat.locked')
      : kind === 'unsupported'
        ? t('chat.unsupported')
        : undefined;
  return (
    <div>
      {instead === undefined ? (
        <Content cid={cid} message={message} />
      ) : (
        <span className={styles.faded}>{instead}</span>
      )}
      <Meta message={message} />
    </div>
  );
}

function Content({ cid, message }: { cid: string; message: MessageView }) {
  const { kind, file } = message;
  if (kind === 'call') return <CallNote message={message} />;
  if (kind === 'board') return <BoardNote cid={cid} />;
  if (file) return <FileBox file={file} />;
  return (
    <span className={styles.text} dir="auto">
      {message.text}
    </span>
  );
}

function Meta({ message }: { message: MessageView }) {
  const { t, tag } = useStrings();
  const { atMs, delivery, isEdited, isMine } = message;
  const isKept = delivery === 'kept';
  const Icon = isKept ? Clock : Check;
  return (
    <span className={styles.meta}>
      {isEdited ? <span>{t('chat.edited')}</span> : null}
      <time dateTime={new Date(atMs).toISOString()}>{clockTime(atMs, tag)}</time>
      {isMine ? (
        <>
          <Icon size={15} aria-hidden />
          <span className={text.unseen}>{isKept ? t('chat.keptShort') : t('chat.sentShort')}</span>
        </>
      ) : null}
    </span>
  );
}

function Reactions({
  message,
  onReact,
}: {
  message: MessageView;
  onReact: (message: MessageView, emoji: string) => void;
}) {
  const { t } = useStrings();
  if (message.reactions.length === 0 || message.isDeleted) return null;
  return (
    <div className={styles.reactions}>
      {message.reactions.map(({ emoji, count, isMine }) => (
        <ToggleButton
          key={emoji}
          className={styles.reaction ?? ''}
          aria-label={t('chat.reaction', { emoji, count })}
          isSelected={isMine}
          onChange={() => onReact(message, emoji)}
          excludeFromTabOrder
        >
          {emoji} {count}
        </ToggleButton>
      ))}
    </div>
  );
}
