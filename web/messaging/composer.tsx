import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { MessageView } from '#client/model.ts';
import { Attach } from '../files/attach.tsx';
import { useStrings } from '../language/i18n.ts';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { IconButton } from '../ui/button.tsx';
import { PenLine, Reply, SendHorizontal, X } from '../ui/icons.ts';
import styles from './chat.module.css';
import { useDraft } from './drafts.ts';

/** Longest text of one message, in characters; a pack must stay small enough to carry. */
const longestText = 8000;

/** What the next message belongs to. */
export type ComposerTask =
  { kind: 'reply'; message: MessageView; person: string } | { kind: 'edit'; message: MessageView };

/** Field and button of a conversation. Writing always works; the engine keeps and sends. */
export function Composer({
  cid,
  task,
  onTask,
  onEditLast,
}: {
  cid: string;
  task: ComposerTask | undefined;
  onTask: (task: ComposerTask | undefined) => void;
  onEditLast: () => void;
}) {
  const { t } = useStrings();
  const client = useClient();
  const { run } = useCommand();
  const [draft, setDraft] = useDraft(cid);
  const [edited, setEdited] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const isEdit = task?.kind === 'edit';
  const words = isEdit ? edited : draft;
  const setWords = isEdit ? setEdited : setDraft;

  useEffect(() => {
    if (!task) return;
    if (task.kind === 'edit') setEdited(task.message.text);
    field.current?.focus();
  }, [task]);

  const send = async () => {
    const written = words.trim();
    if (written === '') return;
    onTask(undefined);
    if (isEdit) {
      await run(() => client.edit(cid, task.message.sid, written));
      return;
    }
    // The field is free at once: the next message need not wait for this one.
    setDraft('');
    const replyTo = task?.message.sid;
    const isTaken = await run(() => client.send(cid, written, replyTo));
    if (!isTaken) setDraft(written);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // On a phone Enter is the only way to a new line; composing text uses Enter, too.
    const hasKeyboard = matchMedia('(hover: hover)').matches;
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing && hasKeyboard) {
      event.preventDefault();
      void send();
    } else if (event.key === 'ArrowUp' && words === '' && !task) {
      event.preventDefault();
      onEditLast();
    } else if (event.key === 'Escape' && task) {
      onTask(undefined);
    }
  };
  return (
    <form
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {task ? <Task task={task} onEnd={() => onTask(undefined)} /> : null}
      <div className={styles.write}>
        <Attach cid={cid} />
        <textarea
          ref={field}
          className={styles.input}
          rows={1}
          dir="auto"
          aria-label={t('chat.message')}
          placeholder={t('chat.placeholder')}
          maxLength={longestText}
          enterKeyHint="send"
          value={words}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <IconButton
          name={t('chat.send')}
          icon={SendHorizontal}
          isFilled
          isDisabled={words.trim() === ''}
          onPress={() => void send()}
        />
      </div>
    </form>
  );
}

function Task({ task, onEnd }: { task: ComposerTask; onEnd: () => void }) {
  const { t } = useStrings();
  const isEdit = task.kind === 'edit';
  const Icon = isEdit ? PenLine : Reply;
  return (
    <div className={styles.context}>
      <Icon size={18} aria-hidden />
      <span>
        {isEdit ? t('chat.editing') : t('chat.replyTo', { name: task.person })}
        {isEdit ? null : (
          <>
            {' '}
            <small>
              <bdi>{task.message.text}</bdi>
            </small>
          </>
        )}
      </span>
      <IconButton
        name={isEdit ? t('chat.stopEdit') : t('chat.stopReply')}
        icon={X}
        onPress={onEnd}
      />
    </div>
  );
}
