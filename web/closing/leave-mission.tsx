import { useState } from 'react';
import { useStrings } from '../language/i18n.ts';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { prefer } from '../session/preferences.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { useGo } from '../session/route.tsx';
import { Button } from '../ui/button.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { Note } from '../ui/surface.tsx';

/** "Leave the mission": this device forgets it, after one more question. */
export function LeaveMission() {
  const { t } = useStrings();
  const client = useClient();
  const go = useGo();
  const { run, isBusy, problem } = useCommand({ here: true });
  const [isOpen, setOpen] = useState(false);
  const leave = async () => {
    if (!(await run(() => client.leaveMission()))) return;
    // The next mission has a key card of its own.
    prefer({ hasKeyCard: false });
    go('/', { replace: true });
  };
  return (
    <>
      <Button look="danger" onPress={() => setOpen(true)}>
        {t('leave.go')}
      </Button>
      <Sheet
        title={t('leave.title')}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        actions={
          <>
            <Button onPress={() => setOpen(false)}>{t('act.cancel')}</Button>
            <Button look="danger" isBusy={isBusy} onPress={() => void leave()}>
              {t('leave.go')}
            </Button>
          </>
        }
      >
        <p>{t('leave.text')}</p>
        <Note tone="attention">{t('leave.irreversible')}</Note>
        <ProblemNote problem={problem} />
      </Sheet>
    </>
  );
}
