import type { VoteView } from '#client/closing-model.ts';
import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { useClient, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { useGo } from '../session/route.tsx';
import { Button } from '../ui/button.tsx';
import { Check } from '../ui/icons.ts';
import { partyAt } from '../ui/party/slot.ts';
import { Sheet } from '../ui/sheet.tsx';
import text from '../ui/text.module.css';
import { Effects } from './effects.tsx';
import { isSameQuestion, useQuestion } from './question.tsx';

/** Repeats the question, what it does and for whom this person votes, before all are asked. */
export function ProposeSheet({
  about,
  onClose,
}: {
  about: VoteView['about'];
  onClose: () => void;
}) {
  const { t } = useStrings();
  const client = useClient();
  const go = useGo();
  const { charter, me } = useMission();
  const { run, isBusy, problem } = useCommand({ here: true });
  const question = useQuestion()(about);
  const party = partyAt(charter.parties, me.slot)?.name ?? '';
  const propose = async () => {
    if (!(await run(() => client.proposeVote(about)))) return;
    onClose();
    const made = client.view().mission?.votes.find((vote) => isSameQuestion(vote.about, about));
    go(made ? `/votes/${made.id}` : '/votes');
  };
  return (
    <Sheet
      title={question.content}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('act.cancel')}</Button>
          <Button look="primary" icon={Check} isBusy={isBusy} onPress={() => void propose()}>
            {t('vote.voteYes')}
          </Button>
        </>
      }
    >
      <p className={text.strong}>
        <Phrase of="vote.youVote" values={{ party }} /> {t('vote.proposeText')}
      </p>
      <h3>{t('vote.ifPasses')}</h3>
      <Effects about={about} />
      <ProblemNote problem={problem} />
    </Sheet>
  );
}
