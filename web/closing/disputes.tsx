import type { ClosingView } from '#client/closing-model.ts';
import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { useMission } from '../session/client-context.tsx';
import { Button } from '../ui/button.tsx';
import { useCopy } from '../ui/copy.ts';
import { Copy } from '../ui/icons.ts';
import { partyAt } from '../ui/party/slot.ts';
import { Note } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import styles from './closing.module.css';

/** Parties that want the wipe to wait, and why. */
export function Disputes({ closing: { disputes } }: { closing: ClosingView }) {
  const { t } = useStrings();
  const { charter } = useMission();
  return disputes.map(({ slot, why }) => (
    <Note key={`${slot}${why}`} tone="bad">
      <span className={text.strong}>
        <Phrase
          of={`closing.dispute.${why}`}
          values={{ party: partyAt(charter.parties, slot)?.name ?? '' }}
        />
      </span>{' '}
      {t('closing.dispute.waits')}
    </Note>
  ));
}

/** Two records of one mission, both signed by the box: what others can check. */
export function Proof({ closing: { proof } }: { closing: ClosingView }) {
  const { t } = useStrings();
  const { isCopied, copy } = useCopy(proof ?? '');
  if (proof === undefined) return null;
  return (
    <Note tone="bad">
      <span className={text.strong}>{t('closing.proof.says')}</span> {t('closing.proof.advice')}
      <span className={styles.acts}>
        <Button icon={Copy} onPress={copy}>
          {isCopied ? t('act.copied') : t('closing.proof.copy')}
        </Button>
      </span>
    </Note>
  );
}
