import { needCount } from '../closing/needs.ts';
import { NeedCards } from '../closing/need-cards.tsx';
import { KeyReminder } from '../keys/key-reminder.tsx';
import { useStrings } from '../language/i18n.ts';
import { useMission } from '../session/client-context.tsx';
import { LinkState } from '../session/link-state.tsx';
import { GoButton, GoIconButton } from '../ui/button.tsx';
import { Search, UserPlus } from '../ui/icons.ts';
import { Pane } from '../ui/pane.tsx';
import { Name } from '../ui/party/party-badge.tsx';
import { Phrase } from '../language/phrase.tsx';
import { partyAt } from '../ui/party/slot.ts';
import { Card } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import styles from './chats.module.css';
import { ClaimCards } from './claim-cards.tsx';
import { ConversationList } from './conversation-list.tsx';
import { NewConversation } from './new-conversation.tsx';

/** Chats as the whole screen of a phone. */
export function ChatsScreen() {
  const { t } = useStrings();
  const { charter } = useMission();
  return (
    <Pane
      title={t('chats.title')}
      heading={<Name>{charter.name}</Name>}
      sub={<LinkState />}
      hasLinkInSub
      tools={
        <>
          <SearchButton />
          <NewConversation />
        </>
      }
      isPadded={false}
    >
      <Needs />
      <ConversationList />
      <div className={styles.needs}>
        <AloneCard />
        <KeyReminder />
      </div>
    </Pane>
  );
}

/** Chats as the list beside the main pane of a desk. */
export function ChatsPane({ selected }: { selected?: string | undefined }) {
  const { charter } = useMission();
  return (
    <div className={styles.pane}>
      <div className={styles.top}>
        <div>
          <h2>
            <Name>{charter.name}</Name>
          </h2>
          <div className={styles.sub}>
            <LinkState />
          </div>
        </div>
        <SearchButton />
        <NewConversation />
      </div>
      <div className={styles.scroll}>
        {/* Without a conversation, "Today" shows the same cards beside this list. */}
        {selected === undefined ? null : <Needs />}
        <ConversationList selected={selected} />
      </div>
    </div>
  );
}

/** Main pane of a desk while no conversation is open: what waits for this person. */
export function Today() {
  const { t } = useStrings();
  const mission = useMission();
  const waits = mission.claims.length + needCount(mission);
  return (
    <Pane title={t('chats.title')} heading={t('chats.today')} sub={t('chats.waits')} hasLinkInSub>
      <NeedCards />
      <ClaimCards />
      <AloneCard />
      <KeyReminder />
      {waits === 0 ? (
        <Card>
          <p>{t('chats.nothing')}</p>
          <p className={`${text.muted} ${text.small}`}>{t('chats.nothingHint')}</p>
        </Card>
      ) : null}
    </Pane>
  );
}

function SearchButton() {
  const { t } = useStrings();
  return <GoIconButton to="/search" name={t('search.title')} icon={Search} />;
}

/** What waits for this person, above the conversations. */
function Needs() {
  return (
    <div className={styles.needs}>
      <NeedCards />
      <ClaimCards />
    </div>
  );
}

/** A lead without people is reminded to invite them. */
function AloneCard() {
  const { t } = useStrings();
  const { charter, me, people } = useMission();
  const party = partyAt(charter.parties, me.slot);
  const isAlone = people.filter(({ slot }) => slot === me.slot).length < 2;
  if (!me.isLead || !isAlone || !party) return null;
  return (
    <Card className={styles.stack}>
      <h2>
        <Phrase of="chats.aloneTitle" values={{ party: party.name }} />
      </h2>
      <p className={text.muted}>{t('chats.aloneText')}</p>
      <GoButton to="/invite" icon={UserPlus} look="primary">
        {t('people.inviteYours')}
      </GoButton>
    </Card>
  );
}
