import { useState } from 'react';
import type { VoteView } from '#client/closing-model.ts';
import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { useClient, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Check, X } from '../ui/icons.ts';
import { partyAt } from '../ui/party/slot.ts';
import { Sheet } from '../ui/sheet.tsx';
import text from '../ui/text.module.css';
import { useQuestion } from './question.tsx';

type Choice = 'yes' | 'no' | 'withdraw';

/** The deciding buttons of an open vote. Yes and no look the same; each asks once more. */
export function Ballot({ vote }: { vote: VoteView }) {
  const { t } = useStrings();
  const { me } = useMission();
  const [asked, setAsked] = useState<Choice>();
  const [isChanging, setChanging] = useState(false);
  const isOpen = vote.mine === undefined || isChanging;
  return (
    <>
      {isOpen ? (
        <>
          <Button look="primary" icon={X} onPress={() => setAsked('no')}>
            {t('vote.voteNo')}
          </Button>
          <Button look="primary" icon={Check} onPress={() => setAsked('yes')}>
            {t('vote.voteYes')}
          </Button>
        </>
      ) : (
        <>
          {vote.proposedBy === me.slot && vote.mine === 'yes' ? (
            <Button onPress={() => setAsked('withdraw')}>{t('vote.withdraw')}</Button>
          ) : null}
          <Button onPress={() => setChanging(true)}>{t('vote.change')}</Button>
        </>
      )}
      <Confirm
        vote={vote}
        choice={asked}
        onClose={() => setAsked(undefined)}
        onDone={() => {
          setAsked(undefined);
          setChanging(false);
        }}
      />
    </>
  );
}

/** Repeats the question and for whom this person votes. */
function Confirm({
  vote,
  choice,
  onClose,
  onDone,
}: {
  vote: VoteView;
  choice: Choice | undefined;
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useStrings();
  const client = useClient();
  const { charter, me } = useMission();
  const { run, isBusy, problem } = useCommand({ here: true });
  const question = useQuestion()(vote.about);
  const party = partyAt(charter.parties, me.slot)?.name ?? '';
  const go = async () => {
    if (choice && (await run(() => client.vote(vote.id, choice)))) onDone();
  };
  const names = { yes: t('vote.voteYes'), no: t('vote.voteNo'), withdraw: t('vote.withdraw') };
  return (
    <Sheet
      title={question.content}
      isOpen={choice !== undefined}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('act.cancel')}</Button>
          <Button look="primary" isBusy={isBusy} onPress={() => void go()}>
            {choice ? names[choice] : null}
          </Button>
        </>
      }
    >
      <p className={text.strong}>
        <Phrase of="vote.youVote" values={{ party }} />
      </p>
      {choice ? <p>{t(`vote.confirm.${choice}`)}</p> : null}
      <ProblemNote problem={problem} />
    </Sheet>
  );
}
