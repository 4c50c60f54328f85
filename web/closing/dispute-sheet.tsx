import { useState } from 'react';
import type { ClosingView } from '#client/closing-model.ts';
import { useStrings } from '../language/i18n.ts';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Choices } from '../ui/field.tsx';
import { Sheet } from '../ui/sheet.tsx';

type Why = ClosingView['disputes'][number]['why'];
const reasons: readonly Why[] = ['damaged', 'differs', 'missing', 'refused'];

/** "Something is wrong": why the wipe is to wait, told to all parties. */
export function DisputeSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy, problem } = useCommand({ here: true });
  const [why, setWhy] = useState<Why>();
  const tell = async () => {
    if (why && (await run(() => client.disputeRecord(why)))) onClose();
  };
  return (
    <Sheet
      title={t('closing.wrong.go')}
      isOpen={isOpen}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('act.cancel')}</Button>
          <Button
            look="primary"
            isDisabled={why === undefined}
            isBusy={isBusy}
            onPress={() => void tell()}
          >
            {t('closing.wrong.tell')}
          </Button>
        </>
      }
    >
      <p>{t('closing.wrong.text')}</p>
      <Choices
        label={t('closing.wrong.why')}
        value={why ?? null}
        options={reasons.map((reason) => ({
          value: reason,
          content: t(`closing.wrong.${reason}`),
          name: t(`closing.wrong.${reason}`),
        }))}
        onChange={(value) => setWhy(reasons.find((reason) => reason === value))}
      />
      <ProblemNote problem={problem} />
    </Sheet>
  );
}
