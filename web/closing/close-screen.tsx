import type { ClosingView } from '#client/closing-model.ts';
import { useStrings } from '../language/i18n.ts';
import { AsidePane } from '../ui/aside-pane.tsx';
import { Progress } from '../ui/progress.tsx';
import { Card, Note, Steps, Wait } from '../ui/surface.tsx';
import { sizeWords } from '../files/size.ts';
import styles from './closing.module.css';
import { Disputes, Proof } from './disputes.tsx';
import { LastSync } from './last-sync.tsx';
import { Receipts } from './receipts.tsx';
import { RecordActions } from './record-actions.tsx';
import { RecordCard } from './record-card.tsx';
import { SaveKeys } from './save-keys.tsx';
import { stepNumber, stepsOfEnd, StepsToEmptyBox } from './steps.tsx';

/** The end of the mission from the passed vote to the wipe. */
export function CloseScreen({ closing }: { closing: ClosingView }) {
  const { t } = useStrings();
  const { step } = closing;
  const now = stepNumber(step);
  const words = { n: now, m: stepsOfEnd.length, name: t(`closing.now.${step}`) };
  const isAsked = step === 'record' && closing.record?.state !== undefined;
  return (
    <AsidePane
      title={t('closing.title')}
      heading={t('closing.title')}
      sub={t('closing.step', words)}
      back="/mission"
      aside={{ title: t('closing.way'), content: <StepsToEmptyBox closing={closing} /> }}
      actions={isAsked ? <RecordActions closing={closing} /> : undefined}
    >
      <Steps now={now} of={stepsOfEnd.length} name={t('closing.title')} />
      <Proof closing={closing} />
      <Disputes closing={closing} />
      {step === 'sync' ? <LastSync closing={closing} /> : null}
      {step === 'building' ? <Building closing={closing} /> : null}
      {step === 'record' ? <RecordCard closing={closing} /> : null}
      {step === 'wiping' ? <Wiping /> : <Receipts closing={closing} />}
      {step === 'record' && closing.record?.state === 'held' ? <SaveKeys /> : null}
    </AsidePane>
  );
}

function Building({ closing: { build } }: { closing: ClosingView }) {
  const { t, tag } = useStrings();
  const { done, total } = build ?? { done: 0, total: 0 };
  return (
    <Card className={styles.stack}>
      <h2>{t('closing.build.title')}</h2>
      <p>{t('closing.build.text')}</p>
      {total > 0 ? (
        <Progress
          name={t('closing.build.title')}
          words={t('closing.of', { done: sizeWords(done, tag), total: sizeWords(total, tag) })}
          done={done}
          total={total}
          says={(percent) => t('closing.build.says', { percent })}
        />
      ) : (
        <Wait>{t('closing.build.title')}</Wait>
      )}
    </Card>
  );
}

function Wiping() {
  const { t } = useStrings();
  return (
    <Card className={styles.stack}>
      <h2>{t('closing.wiping.title')}</h2>
      <Wait>{t('closing.wiping.text')}</Wait>
      <Note>{t('closing.wiping.power')}</Note>
    </Card>
  );
}
