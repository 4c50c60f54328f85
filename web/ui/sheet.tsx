import type { ReactNode } from 'react';
import { useStrings } from '../language/i18n.ts';
import { AriaDialog, Heading, Modal, ModalOverlay } from './aria.ts';
import { IconButton } from './button.tsx';
import { X } from './icons.ts';
import styles from './sheet.module.css';

/**
 * A dialog: from below on a phone, in the middle on a desk. Keeps the focus
 * inside and gives it back. `isUrgent` has no way out but its own buttons.
 */
export function Sheet({
  title,
  children,
  actions,
  isOpen,
  onClose,
  isUrgent = false,
}: {
  title: ReactNode;
  children: ReactNode;
  actions?: ReactNode;
  isOpen: boolean;
  onClose: () => void;
  isUrgent?: boolean;
}) {
  const { t } = useStrings();
  return (
    <ModalOverlay
      className={styles.overlay ?? ''}
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      isDismissable={!isUrgent}
    >
      <Modal className={styles.modal ?? ''}>
        <AriaDialog className={styles.dialog ?? ''} role={isUrgent ? 'alertdialog' : 'dialog'}>
          <div className={styles.head}>
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            {isUrgent ? null : <IconButton name={t('act.close')} icon={X} onPress={onClose} />}
          </div>
          {children}
          {actions ? <div className={styles.actions}>{actions}</div> : null}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
