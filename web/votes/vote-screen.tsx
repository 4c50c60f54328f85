import type { VoteView } from '#client/closing-model.ts';
import { useStrings } from '../language/i18n.ts';
import { NameList, Phrase } from '../language/phrase.tsx';
import { usePersonWords } from '../messaging/person-words.ts';
import { useMission } from '../session/client-context.tsx';
import { AsidePane } from '../ui/aside-pane.tsx';
import { GoButton } from '../ui/button.tsx';
import { cleanName } from '../ui/party/clean-name.ts';
import { partyAt } from '../ui/party/slot.ts';
import { TableRing } from '../ui/party/table-ring.tsx';
import { Note } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import { Ballot } from './ballot.tsx';
import { Effects } from './effects.tsx';
import { useQuestion } from './question.tsx';
import { VoteList } from './vote-list.tsx';
import styles from './votes.module.css';
import { choiceOf, WhoVoted } from './who-voted.tsx';

/** One vote: the question, how far it is, who said what, and what it does. */
export function VoteScreen({ id }: { id: string }) {
  const { t } = useStrings();
  const { charter, closing, votes } = useMission();
  const question = useQuestion();
  const vote = votes.find((one) => one.id === id);
  if (!vote) return <VoteList />;
  const { about, state } = vote;
  const proposer = partyAt(charter.parties, vote.proposedBy)?.name ?? '';
  const canAct = state !== 'passed' && vote.canVote && !closing;
  const leadsOn = state === 'passed' && about.kind === 'close' && closing !== undefined;
  return (
    <AsidePane
      title={t('vote.title')}
      heading={t('vote.title')}
      sub={<Phrase of={`vote.sub.${state}`} values={{ party: proposer }} />}
      back="/votes"
      aside={{ title: t('vote.ifPasses'), content: <Effects about={about} /> }}
      actions={
        canAct ? (
          <Ballot key={vote.id} vote={vote} />
        ) : leadsOn ? (
          <GoButton to="/close" look="primary">
            {t('vote.toClosing')}
          </GoButton>
        ) : undefined
      }
    >
      <h2 className={styles.question}>{question(about).content}</h2>
      <Standing vote={vote} />
      <Whom vote={vote} />
      <WhoVoted vote={vote} />
    </AsidePane>
  );
}

/** The table of this vote, and what it still needs. */
function Standing({ vote }: { vote: VoteView }) {
  const { t } = useStrings();
  const { charter, me } = useMission();
  const { needed, no, state, units, yes } = vote;
  const parties = charter.parties.filter(({ slot }) => units.includes(slot));
  const each = parties
    .map(({ slot, name }) => t(`vote.ring.${choiceOf(vote, slot)}`, { party: cleanName(name) }))
    .join(', ');
  const said = choiceOf(vote, me.slot);
  const own = said === 'open' && vote.mine ? 'waits' : said;
  const open = parties.length - yes.length - no.length;
  const counts = { yes: yes.length, no: no.length, open };
  const distance =
    state === 'open'
      ? t('vote.more', { count: Math.max(1, needed - yes.length) })
      : t(`vote.outcome.${state}`);
  return (
    <div className={styles.standing}>
      <TableRing
        parties={parties}
        isDone={(slot) => yes.includes(slot)}
        isAgainst={(slot) => no.includes(slot)}
        label={t('vote.ring.label', { ...counts, each })}
        big={t('gather.ring', { n: yes.length, m: needed })}
        size={140}
      />
      <div className={styles.words}>
        <p className={styles.distance}>{distance}</p>
        <p className={`${text.small} ${text.muted}`}>
          {t('vote.rule', { n: needed, count: units.length })}{' '}
          {units.includes(me.slot) ? t(`vote.own.${own}`) : null}
        </p>
      </div>
    </div>
  );
}

/** Who votes for a person that cannot, and whether the vote is about the reader. */
function Whom({ vote }: { vote: VoteView }) {
  const { t } = useStrings();
  const { charter, me, people } = useMission();
  const personWords = usePersonWords(charter.parties);
  const { about } = vote;
  const isMe = about.kind === 'remove-member' && about.person === me.id;
  const isMine = about.kind === 'remove-party' && about.slot === me.slot;
  const party = partyAt(charter.parties, me.slot)?.name ?? '';
  const leads = people.filter(({ slot, isLead }) => slot === me.slot && isLead).map(personWords);
  return (
    <>
      {isMe ? <Note tone="attention">{t('vote.aboutYou')}</Note> : null}
      {isMine ? (
        <Note tone="attention">
          <Phrase of="vote.aboutYours" values={{ party }} />
        </Note>
      ) : null}
      {vote.canVote || vote.state !== 'open' || !vote.units.includes(me.slot) ? null : (
        <Note>
          <Phrase of="vote.leadsVote" values={{ party, names: <NameList names={leads} /> }} />
        </Note>
      )}
    </>
  );
}
