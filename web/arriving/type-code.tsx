import { useState } from 'react';
import { useStrings } from '../language/i18n.ts';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { useGo } from '../session/route.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Sheet } from '../ui/sheet.tsx';
import styles from './arriving.module.css';

/** Takes a whole address or only the code of it, pasted or typed. */
export function TypeCode({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useStrings();
  const client = useClient();
  const go = useGo();
  const { run, isBusy, problem } = useCommand({ here: true });
  const [code, setCode] = useState('');
  const [isEmpty, setEmpty] = useState(false);
  const enter = async () => {
    // Spaces and line breaks come from copying out of a message or off paper.
    const wanted = code.replace(/\s+/gu, '');
    setEmpty(wanted === '');
    if (wanted === '' || !(await run(() => client.enter(wanted)))) return;
    setCode('');
    onClose();
    go('/', { replace: true });
  };
  return (
    <Sheet title={t('act.typeCode')} isOpen={isOpen} onClose={onClose}>
      <form
        className={styles.stack}
        onSubmit={(event) => {
          event.preventDefault();
          void enter();
        }}
      >
        <Field
          label={t('typeCode.field')}
          hint={t('typeCode.hint')}
          error={isEmpty && code === '' ? t('typeCode.empty') : undefined}
          value={code}
          onChange={setCode}
          isCode
          isLong
          autoFocus
        />
        <ProblemNote problem={problem} />
        <Button look="primary" type="submit" isBusy={isBusy} isWide>
          {t('typeCode.go')}
        </Button>
      </form>
    </Sheet>
  );
}
