import type { ConversationView, PartyView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { shortTime } from '../language/time.ts';
import { useMission } from '../session/client-context.tsx';
import { useGo } from '../session/route.tsx';
import { GridList, GridListItem } from '../ui/aria.ts';
import { MessageCircle } from '../ui/icons.ts';
import { cleanName } from '../ui/party/clean-name.ts';
import { Name, PartyBadge } from '../ui/party/party-badge.tsx';
import { partyAt } from '../ui/party/slot.ts';
import { TableRing } from '../ui/party/table-ring.tsx';
import text from '../ui/text.module.css';
import styles from './chats.module.css';
import { useDraft } from './drafts.ts';

/** The conversations, newest first as the engine orders them; one tab stop, arrows inside. */
export function ConversationList({ selected }: { selected?: string | undefined }) {
  const { t } = useStrings();
  const { charter, conversations } = useMission();
  const go = useGo();
  return (
    <GridList
      aria-label={t('nav.conversations')}
      className={styles.list ?? ''}
      onAction={(key) => go(`/chats/${String(key)}`)}
      renderEmptyState={() => <p className={styles.empty}>{t('chats.empty')}</p>}
    >
      {conversations.map((conversation) => (
        <GridListItem
          key={conversation.cid}
          id={conversation.cid}
          className={`${styles.row} ${conversation.cid === selected ? styles.selected : ''}`}
          textValue={t('chats.open', {
            title: cleanName(conversation.title),
            count: conversation.unread,
          })}
          aria-label={t('chats.open', {
            title: cleanName(conversation.title) || t('chats.untitled'),
            count: conversation.unread,
          })}
        >
          <Row conversation={conversation} parties={charter.parties} />
        </GridListItem>
      ))}
    </GridList>
  );
}

function Row({
  conversation,
  parties,
}: {
  conversation: ConversationView;
  parties: readonly PartyView[];
}) {
  const { t, tag } = useStrings();
  const { last, title, unread } = conversation;
  return (
    <>
      <span className={styles.square}>
        {parties.length > 1 ? (
          <TableRing parties={parties} isDone={() => true} size={38} />
        ) : (
          <MessageCircle size={24} aria-hidden />
        )}
      </span>
      <span className={styles.words}>
        <span className={styles.line}>
          <span className={styles.title}>
            {title === '' ? t('chats.untitled') : <Name>{title}</Name>}
          </span>
          {last ? (
            <time className={styles.time} dateTime={new Date(last.atMs).toISOString()}>
              {shortTime(last.atMs, Date.now(), tag)}
            </time>
          ) : null}
        </span>
        <span className={styles.line}>
          <span className={styles.last}>
            <LastLine conversation={conversation} parties={parties} />
          </span>
          {unread > 0 ? (
            <span className={styles.count}>
              <span aria-hidden>{unread}</span>
              <span className={text.unseen}>{t('chats.unread', { count: unread })}</span>
            </span>
          ) : null}
        </span>
      </span>
    </>
  );
}

function LastLine({
  conversation: { cid, last, loading },
  parties,
}: {
  conversation: ConversationView;
  parties: readonly PartyView[];
}) {
  const { t } = useStrings();
  const [draft] = useDraft(cid);
  if (loading) return t('chats.loading', { n: loading.done, m: loading.total });
  if (draft !== '') {
    return (
      <>
        <b className={styles.draft}>{t('chats.draft')}</b>: <bdi>{draft}</bdi>
      </>
    );
  }
  if (!last) return null;
  if (last.isMine) {
    return (
      <>
        {t('chats.you')}: <bdi>{last.text}</bdi>
      </>
    );
  }
  const party = partyAt(parties, last.slot);
  return (
    <>
      {party && last.author ? <PartyBadge party={party} /> : null}
      {last.author ? (
        <>
          {' '}
          <Name>{last.author}</Name>:{' '}
        </>
      ) : null}
      <bdi>{last.text}</bdi>
    </>
  );
}
