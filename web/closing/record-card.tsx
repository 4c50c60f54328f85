import type { ReactNode } from 'react';
import type { ClosingView, RecordView } from '#client/closing-model.ts';
import { sizeWords } from '../files/size.ts';
import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { regionOf } from '../language/time.ts';
import { useMission } from '../session/client-context.tsx';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button } from '../ui/button.tsx';
import {
  Archive,
  CircleCheck,
  CircleDashed,
  Download,
  type LucideIcon,
  Signature,
} from '../ui/icons.ts';
import { partyAt } from '../ui/party/slot.ts';
import { Progress } from '../ui/progress.tsx';
import { Card, Pill, Wait } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import styles from './closing.module.css';
import { useRecord } from './use-record.ts';

/** Save it, check it, sign the receipt: each with what is known about it. */
export function RecordCard({ closing }: { closing: ClosingView }) {
  const { t, tag } = useStrings();
  const { charter, me } = useMission();
  const { record, receipt } = closing;
  const { save, check, isBusy, problem } = useRecord(closing);
  if (!record) return <Wait>{t('closing.now.record')}</Wait>;
  const isHeld = record.state === 'held';
  const isMoving = record.state === 'saving' || record.state === 'checking';
  // Said in the row, or above with the proof.
  const isSaid = record.state === 'damaged' || closing.proof !== undefined;
  const party = partyAt(charter.parties, me.slot)?.name ?? '';
  return (
    <Card className={styles.stack}>
      <div className={styles.head}>
        <span className={styles.square}>
          <Archive size={24} aria-hidden />
        </span>
        <div>
          <h2>
            <Phrase of="closing.record.of" values={{ mission: charter.name }} />
          </h2>
          <p className={`${text.small} ${text.muted}`}>
            {sizeWords(record.size, tag)} • {t('closing.record.same')}
          </p>
        </div>
      </div>
      <ol className={styles.list}>
        <Row
          icon={isHeld ? CircleCheck : Download}
          title={t('closing.record.save')}
          pill={<Done isDone={isHeld} isNow={!isHeld && record.state !== 'checking'} />}
        >
          <span>{isHeld ? t('closing.record.saved') : t('closing.record.saveText')}</span>
          {record.state === 'saving' ? <Moving record={record} /> : null}
          {isMoving ? null : (
            <span className={styles.acts}>
              <Button
                icon={Download}
                look={isHeld ? 'plain' : 'primary'}
                isBusy={isBusy}
                onPress={save}
              >
                {t('closing.record.saveGo')}
              </Button>
            </span>
          )}
        </Row>
        <Row
          icon={isHeld ? CircleCheck : CircleDashed}
          title={t('closing.record.check')}
          pill={<Done isDone={isHeld} isNow={record.state === 'checking'} />}
        >
          <span>
            {record.found ? <Found found={record.found} /> : t('closing.record.checkText')}
          </span>
          {record.state === 'checking' ? <Moving record={record} /> : null}
          {record.state === 'damaged' ? (
            <b className={styles.bad} role="alert">
              {t('closing.record.damaged')}
            </b>
          ) : null}
          {isMoving || isHeld ? null : (
            <span className={styles.acts}>
              <Button isBusy={isBusy} onPress={check}>
                {t('closing.record.checkGo')}
              </Button>
            </span>
          )}
        </Row>
        <Row
          icon={receipt === 'signed' ? CircleCheck : Signature}
          title={t('closing.record.sign')}
          pill={
            receipt === 'wanted' ? (
              <Pill icon={CircleDashed}>{t('closing.waiting')}</Pill>
            ) : (
              <Done isDone={receipt === 'signed'} isNow={isHeld && closing.canSign} />
            )
          }
        >
          <span>
            <Phrase of={`closing.record.receipt.${receipt}`} values={{ party }} />
          </span>
        </Row>
      </ol>
      {isSaid ? null : <ProblemNote problem={problem ?? record.problem} />}
    </Card>
  );
}

function Row({
  icon: Icon,
  title,
  pill,
  children,
}: {
  icon: LucideIcon;
  title: string;
  pill: ReactNode;
  children: ReactNode;
}) {
  return (
    <li>
      <Icon size={22} aria-hidden />
      <span className={styles.words}>
        <b>{title}</b>
        <span className={styles.said}>{children}</span>
      </span>
      {pill}
    </li>
  );
}

function Done({ isDone, isNow }: { isDone: boolean; isNow: boolean }) {
  const { t } = useStrings();
  if (isDone) return <Pill tone="ok">{t('closing.done')}</Pill>;
  return isNow ? <Pill tone="attention">{t('closing.nowWord')}</Pill> : null;
}

function Moving({ record: { state, done, total } }: { record: RecordView }) {
  const { t, tag } = useStrings();
  const name = state === 'saving' ? t('closing.record.saving') : t('closing.record.checking');
  const words =
    state === 'saving'
      ? t('closing.of', { done: sizeWords(done, tag), total: sizeWords(total, tag) })
      : t('closing.of', { done: countWords(done, tag), total: countWords(total, tag) });
  return (
    <Progress
      name={name}
      words={`${name}: ${words}`}
      done={done}
      total={total}
      says={(percent) => t('closing.percent', { name, percent })}
    />
  );
}

function Found({ found }: { found: NonNullable<RecordView['found']> }) {
  const { t, tag } = useStrings();
  return (
    <>
      {t('closing.record.signatures', {
        count: found.signatures,
        n: countWords(found.signatures, tag),
      })}{' '}
      {t('closing.record.files', { count: found.files, n: countWords(found.files, tag) })}
    </>
  );
}

function countWords(count: number, tag: string): string {
  return new Intl.NumberFormat(regionOf(tag)).format(count);
}
