import type { VoteView } from '#client/closing-model.ts';
import { useStrings } from '../language/i18n.ts';
import { useMission } from '../session/client-context.tsx';
import { Vote } from '../ui/icons.ts';
import { GoNeedCard } from '../ui/need-card.tsx';
import { Pane } from '../ui/pane.tsx';
import { Card } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import { useQuestion } from './question.tsx';
import styles from './votes.module.css';

/** All votes of the mission, open ones first. */
export function VoteList() {
  const { t } = useStrings();
  const { votes } = useMission();
  const open = votes.filter(({ state }) => state === 'open');
  const decided = votes.filter(({ state }) => state !== 'open');
  return (
    <Pane title={t('vote.list')} heading={t('vote.list')} back="/mission">
      {votes.length === 0 ? (
        <Card>
          <p>{t('vote.none')}</p>
          <p className={`${text.small} ${text.muted}`}>{t('vote.noneHint')}</p>
        </Card>
      ) : null}
      <Votes title={t('vote.openOnes')} votes={open} />
      <Votes title={t('vote.decided')} votes={decided} />
    </Pane>
  );
}

function Votes({ title, votes }: { title: string; votes: readonly VoteView[] }) {
  const { t } = useStrings();
  const question = useQuestion();
  if (votes.length === 0) return null;
  return (
    <section className={styles.votes}>
      <h2>{title}</h2>
      {votes.map((vote) => (
        <GoNeedCard
          key={vote.id}
          to={`/votes/${vote.id}`}
          icon={Vote}
          title={question(vote.about).content}
          isQuiet={vote.state !== 'open' || !vote.canVote || vote.mine !== undefined}
        >
          {t(`vote.outcome.${vote.state}`)} •{' '}
          {t('vote.count', { n: vote.yes.length, m: vote.needed })}
        </GoNeedCard>
      ))}
    </section>
  );
}
