import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { useMission } from '../session/client-context.tsx';
import { Archive, Vote } from '../ui/icons.ts';
import { GoNeedCard } from '../ui/need-card.tsx';
import { partyAt } from '../ui/party/slot.ts';
import { useQuestion } from '../votes/question.tsx';
import { closingNeed, isPressing, votesToCast } from './needs.ts';

/** Cards for an open vote of one's own and for the next step of the end. */
export function NeedCards() {
  const { t } = useStrings();
  const mission = useMission();
  const question = useQuestion();
  const open = votesToCast(mission);
  const [first] = open;
  const need = closingNeed(mission);
  const party = partyAt(mission.charter.parties, mission.me.slot)?.name ?? '';
  return (
    <>
      {first ? (
        <GoNeedCard
          to={open.length === 1 ? `/votes/${first.id}` : '/votes'}
          icon={Vote}
          title={t('need.votes', { count: open.length })}
        >
          {question(first.about).content} <Phrase of="need.notVoted" values={{ party }} />
        </GoNeedCard>
      ) : null}
      {need ? (
        <GoNeedCard
          to="/close"
          icon={Archive}
          title={t(`need.${need}.title`)}
          isQuiet={!isPressing(need)}
        >
          {t(`need.${need}.text`)}
        </GoNeedCard>
      ) : null}
    </>
  );
}
