import type { ClosingView } from '#client/closing-model.ts';
import { useStrings } from '../language/i18n.ts';
import { NameList, Phrase } from '../language/phrase.tsx';
import { useMission } from '../session/client-context.tsx';
import {
  Archive,
  Check,
  Download,
  Eraser,
  type LucideIcon,
  RefreshCw,
  ScrollText,
  Vote,
} from '../ui/icons.ts';
import { partyAt } from '../ui/party/slot.ts';
import text from '../ui/text.module.css';
import styles from './closing.module.css';

/** The six steps from the vote to the empty box. */
export const stepsOfEnd = ['vote', 'sync', 'build', 'record', 'wipe', 'certificate'] as const;

const icons: Record<(typeof stepsOfEnd)[number], LucideIcon> = {
  vote: Vote,
  sync: RefreshCw,
  build: Archive,
  record: Download,
  wipe: Eraser,
  certificate: ScrollText,
};

/** Which of the six the mission is at, 1…6. */
export function stepNumber(step: ClosingView['step']): number {
  return { sync: 2, building: 3, record: 4, wiping: 5, wiped: 6 }[step];
}

/** The way of the end as a list: what is done, what is now, what comes. */
export function StepsToEmptyBox({ closing }: { closing: ClosingView }) {
  const { t } = useStrings();
  const now = stepNumber(closing.step);
  return (
    <ol className={styles.way}>
      {stepsOfEnd.map((step, at) => {
        const isDone = at + 1 < now;
        const Icon = isDone ? Check : icons[step];
        const state = isDone ? styles.done : at + 1 === now ? styles.now : undefined;
        return (
          <li key={step} className={state} {...(state === styles.now ? current : {})}>
            <span className={styles.mark}>
              <Icon size={18} aria-hidden />
            </span>
            <span>
              <b>
                {at + 1} {t(`closing.steps.${step}`)}
              </b>
              {isDone ? <span className={text.unseen}> ({t('closing.done')})</span> : null}
              <span className={styles.said}>
                <Said step={step} closing={closing} />
              </span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}

const current = { 'aria-current': 'step' } as const;

function Said({ step, closing }: { step: (typeof stepsOfEnd)[number]; closing: ClosingView }) {
  const { t } = useStrings();
  const { charter, votes } = useMission();
  if (step === 'vote') {
    const vote = votes.find(({ about, state }) => about.kind === 'close' && state === 'passed');
    return vote ? t('closing.said.vote', { n: vote.yes.length, m: vote.units.length }) : null;
  }
  if (step === 'sync') {
    const done = closing.sync.reduce((sum, party) => sum + party.done, 0);
    const devices = closing.sync.reduce((sum, party) => sum + party.devices, 0);
    if (devices === 0) return null;
    return (
      <>
        {t('closing.devices', { n: done, count: devices })}
        {done < devices && closing.step !== 'sync' ? ` ${t('closing.notInRecord')}` : null}
      </>
    );
  }
  if (step === 'build' && closing.record)
    return (
      <>
        {t('closing.said.fingerprint')}{' '}
        <bdi dir="ltr" className={styles.digits}>
          {closing.record.fingerprint}
        </bdi>
      </>
    );
  if (step === 'record' && closing.receipts.length > 0) {
    const names = closing.receipts.map((slot) => partyAt(charter.parties, slot)?.name ?? '');
    return <Phrase of="closing.said.receipts" values={{ names: <NameList names={names} /> }} />;
  }
  return step === 'wipe' ? t('closing.said.wipe') : null;
}
