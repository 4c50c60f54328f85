import { type ReactNode, useState } from 'react';
import type { Problem } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { Button } from '../ui/button.tsx';
import { useCopy } from '../ui/copy.ts';
import { TriangleAlert } from '../ui/icons.ts';
import { Note } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import { useClient, useView } from './client-context.tsx';
import { ReportContext } from './command.ts';
import { useProblemWords } from './problem-words.ts';
import styles from './session.module.css';

/** Shows the last refusal that no screen shows, above everything else. */
export function ProblemNotices({ children }: { children: ReactNode }) {
  const client = useClient();
  const view = useView();
  const [own, setOwn] = useState<Problem>();
  const problem = own ?? view.problem;
  const close = () => {
    setOwn(undefined);
    client.dismissProblem();
  };
  return (
    <ReportContext value={setOwn}>
      {children}
      {problem ? <ProblemNotice problem={problem} onClose={close} /> : null}
    </ReportContext>
  );
}

function ProblemNotice({ problem, onClose }: { problem: Problem; onClose: () => void }) {
  const { t } = useStrings();
  const { says, advice } = useProblemWords()(problem);
  // The report names the code only: no name, message or key may leave by it.
  const report = useCopy(`Parley: ${problem.code}`);
  return (
    <section className={styles.notice} role="alert" aria-label={t('problem.heading')}>
      <div className={styles.noticeTop}>
        <TriangleAlert size={24} aria-hidden />
        <div>
          <p className={text.strong}>{says}</p>
          <p className={text.small}>{advice}</p>
        </div>
      </div>
      <div className={styles.noticeActions}>
        <Button look="quiet" onPress={report.copy}>
          {report.isCopied ? t('act.copied') : t('act.copyReport')}
        </Button>
        <Button onPress={onClose}>{t('act.close')}</Button>
      </div>
    </section>
  );
}

/** A refusal on the screen that caused it: what happened, what to do. */
export function ProblemNote({ problem }: { problem: Problem | undefined }) {
  const words = useProblemWords();
  if (!problem) return null;
  const { says, advice } = words(problem);
  return (
    <Note tone="bad">
      <span className={text.strong}>{says}</span> {advice}
    </Note>
  );
}
