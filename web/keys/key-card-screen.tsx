import { useEffect, useRef, useState } from 'react';
import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { useClient, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { prefer, usePreferences } from '../session/preferences.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Eye, Printer, ScanLine } from '../ui/icons.ts';
import { Pane } from '../ui/pane.tsx';
import { Qr } from '../ui/qr.tsx';
import { Card, Note } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import { CheckCard } from './check-card.tsx';
import { KeptAnotherWay } from './key-reminder.tsx';
import styles from './keys.module.css';

/** The key card: on paper, as code and as text; and the proof that the paper is right. */
export function KeyCardScreen() {
  const { t } = useStrings();
  const client = useClient();
  const { charter, me } = useMission();
  const { hasKeyCard } = usePreferences();
  const { run, isBusy, problem } = useCommand({ here: true });
  const [card, setCard] = useState<string>();
  const [isChecking, setChecking] = useState(false);
  const wantsPrint = useRef(false);
  const show = () => run(async () => setCard(await client.keyCard()));
  const print = async () => {
    wantsPrint.current = true;
    if (card === undefined) await show();
    else printNow();
  };
  const printNow = () => {
    wantsPrint.current = false;
    window.print();
    prefer({ hasKeyCard: true });
  };
  // The code must be on the page before the printer sees it.
  useEffect(() => {
    if (card !== undefined && wantsPrint.current) printNow();
  }, [card]);
  return (
    <Pane
      title={t('keyCard.title')}
      heading={t('keyCard.title')}
      sub={hasKeyCard ? t('keyCard.isKept') : t('keyCard.notKept')}
      back="/mission"
      actions={
        <>
          <Button icon={ScanLine} onPress={() => setChecking(true)}>
            {t('keyCard.check')}
          </Button>
          <Button look="primary" icon={Printer} isBusy={isBusy} onPress={() => void print()}>
            {t('keyCard.print')}
          </Button>
        </>
      }
    >
      <Note tone="attention">{t('keyCard.warning')}</Note>
      <p className={styles.noPrint}>{t('keyCard.why')}</p>
      {card === undefined ? (
        <Button icon={Eye} isBusy={isBusy} onPress={() => void show()}>
          {t('keyCard.show')}
        </Button>
      ) : (
        <Card className={styles.card}>
          <h2>
            <Phrase of="keyCard.of" values={{ name: me.name ?? '', mission: charter.name }} />
          </h2>
          <Qr text={card} name={t('keyCard.qr')} />
          <p className={text.address}>{card}</p>
        </Card>
      )}
      <ProblemNote problem={problem} />
      {hasKeyCard ? null : (
        <div className={styles.noPrint}>
          <KeptAnotherWay />
        </div>
      )}
      {isChecking ? <CheckCard onClose={() => setChecking(false)} /> : null}
    </Pane>
  );
}
