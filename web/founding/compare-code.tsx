import type { FoundingView, SafetyCode } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { SafetyCodeGrid } from '../mission/safety-code.tsx';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Check, X } from '../ui/icons.ts';
import { Note } from '../ui/surface.tsx';
import { FoundingPage } from './founding-page.tsx';
import { PartyProgress } from './party-progress.tsx';
import { ReadAloud } from './read-aloud.tsx';

/** The safety code, and two answers that look the same. */
export function CompareCode({ founding, code }: { founding: FoundingView; code: SafetyCode }) {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy, problem } = useCommand({ here: true });
  const answer = (matches: boolean) => void run(() => client.compareCode(matches));
  return (
    <FoundingPage
      step="code"
      heading={t('compare.title')}
      aside={{
        title: t('compare.who'),
        content: <PartyProgress founding={founding} of="compare" done={founding.compared} />,
      }}
      actions={
        <>
          <Button look="primary" icon={X} isDisabled={isBusy} onPress={() => answer(false)}>
            {t('act.differs')}
          </Button>
          <Button look="primary" icon={Check} isDisabled={isBusy} onPress={() => answer(true)}>
            {t('act.matches')}
          </Button>
        </>
      }
    >
      <p>{t('compare.text')}</p>
      <SafetyCodeGrid code={code} />
      <ReadAloud code={code} />
      <Note tone="attention">{t('compare.limit')}</Note>
      <ProblemNote problem={problem} />
    </FoundingPage>
  );
}
