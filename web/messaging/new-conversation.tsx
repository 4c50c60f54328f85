import { useState } from 'react';
import { useStrings } from '../language/i18n.ts';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { useGo } from '../session/route.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { SquarePen } from '../ui/icons.ts';
import { Sheet } from '../ui/sheet.tsx';
import styles from './chats.module.css';
import { longestTitle } from './title-limit.ts';

/** "New conversation": a room of all parties with a sealed title. */
export function NewConversation() {
  const { t } = useStrings();
  const client = useClient();
  const go = useGo();
  const { run, isBusy, problem } = useCommand({ here: true });
  const [isOpen, setOpen] = useState(false);
  const [title, setTitle] = useState('');
  const [isEmpty, setEmpty] = useState(false);
  const create = async () => {
    const wanted = title.trim();
    setEmpty(wanted === '');
    if (wanted === '') return;
    await run(async () => {
      const cid = await client.createConversation(wanted);
      setOpen(false);
      setTitle('');
      go(`/chats/${cid}`);
    });
  };
  return (
    <>
      <IconButton name={t('chats.new')} icon={SquarePen} onPress={() => setOpen(true)} />
      <Sheet title={t('chats.new')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <form
          className={styles.stack}
          onSubmit={(event) => {
            event.preventDefault();
            void create();
          }}
        >
          <p>{t('newChat.text')}</p>
          <Field
            label={t('newChat.title')}
            hint={t('newChat.hint')}
            error={isEmpty && title.trim() === '' ? t('newChat.empty') : undefined}
            value={title}
            onChange={setTitle}
            maxLength={longestTitle}
            autoFocus
          />
          <ProblemNote problem={problem} />
          <Button look="primary" type="submit" isBusy={isBusy} isWide>
            {t('newChat.create')}
          </Button>
        </form>
      </Sheet>
    </>
  );
}
