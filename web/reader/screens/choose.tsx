import { type ReactNode, useId } from 'react';
import button from '../../ui/button.module.css';
import { FileIcon } from '../../ui/icons.ts';
import text from '../../ui/text.module.css';
import { useSession } from './session-context.ts';
import styles from './reader.module.css';

/** Lets a person choose files; the session tells by their content what they are. */
export function Choose({
  children,
  isPrimary = false,
}: {
  children: ReactNode;
  isPrimary?: boolean;
}) {
  const session = useSession();
  const id = useId();
  return (
    <span className={styles.choose}>
      <input
        id={id}
        type="file"
        multiple
        className={text.unseen}
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          // The same file may be chosen again.
          target.value = '';
          void session.give(files);
        }}
      />
      <label htmlFor={id} className={`${button.button} ${isPrimary ? button.primary : ''}`}>
        <FileIcon size={20} aria-hidden />
        {children}
      </label>
    </span>
  );
}
