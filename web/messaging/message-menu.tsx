import type { MessageView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { AriaButton, Menu, MenuItem, MenuTrigger, Popover, SubmenuTrigger } from '../ui/aria.ts';
import button from '../ui/button.module.css';
import {
  ChevronRight,
  Copy,
  EllipsisVertical,
  type LucideIcon,
  PenLine,
  Reply,
  SmilePlus,
  Trash2,
} from '../ui/icons.ts';
import menu from '../ui/menu.module.css';
import text from '../ui/text.module.css';
import styles from './chat.module.css';

/** What can be done with a message. */
export interface MessageActions {
  reply(message: MessageView): void;
  react(message: MessageView, emoji: string): void;
  copy(message: MessageView): void;
  edit(message: MessageView): void;
  erase(message: MessageView): void;
}

/** Reactions offered; few, so that they are read alike in every language. */
const emojis = [
  ['👍', 'thumb'],
  ['✅', 'check'],
  ['❤️', 'heart'],
  ['👀', 'eyes'],
  ['🙏', 'thanks'],
  ['❓', 'question'],
] as const;

/** A message stays in the record after this time, whoever wants it gone. */
const erasableMs = 7 * 86_400_000;

/** True while the writer may still delete it for everyone. */
export function canErase(message: MessageView, nowMs: number): boolean {
  return message.isMine && !message.isDeleted && nowMs - message.atMs < erasableMs;
}

/** True for a message that can be answered. */
export function isWhole({ kind, isDeleted }: MessageView): boolean {
  return (kind === 'text' || kind === 'file') && !isDeleted;
}

/** The menu of one message; the same things have keys on the message itself. */
export function MessageMenu({
  message,
  actions,
}: {
  message: MessageView;
  actions: MessageActions;
}) {
  const { t } = useStrings();
  if (!isWhole(message)) return null;
  const mayErase = canErase(message, Date.now());
  const isText = message.kind === 'text';
  return (
    <MenuTrigger>
      <AriaButton
        aria-label={t('chat.actions')}
        className={`${button.icon} ${styles.actions}`}
        excludeFromTabOrder
      >
        <EllipsisVertical size={20} aria-hidden />
      </AriaButton>
      <Popover className={menu.popover ?? ''}>
        <Menu className={menu.menu ?? ''} aria-label={t('chat.actions')}>
          <Item icon={Reply} words={t('chat.reply')} onAction={() => actions.reply(message)} />
          <SubmenuTrigger>
            <MenuItem className={menu.item ?? ''} textValue={t('chat.react')}>
              <SmilePlus size={20} aria-hidden />
              {t('chat.react')}
              <ChevronRight size={18} className={text.flip} aria-hidden />
            </MenuItem>
            <Popover className={menu.popover ?? ''}>
              <Menu className={menu.menu ?? ''} aria-label={t('chat.react')}>
                {emojis.map(([emoji, word]) => (
                  <MenuItem
                    key={emoji}
                    className={menu.item ?? ''}
                    textValue={t(`emoji.${word}`)}
                    onAction={() => actions.react(message, emoji)}
                  >
                    <span aria-hidden>{emoji}</span>
                    {t(`emoji.${word}`)}
                  </MenuItem>
                ))}
              </Menu>
            </Popover>
          </SubmenuTrigger>
          {isText ? (
            <Item icon={Copy} words={t('chat.copy')} onAction={() => actions.copy(message)} />
          ) : null}
          {message.isMine ? (
            <>
              {isText ? (
                <Item
                  icon={PenLine}
                  words={t('chat.edit')}
                  onAction={() => actions.edit(message)}
                />
              ) : null}
              <Item
                icon={Trash2}
                words={mayErase ? t('chat.delete') : t('chat.stays')}
                isDisabled={!mayErase}
                onAction={() => actions.erase(message)}
              />
            </>
          ) : null}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function Item({
  icon: Icon,
  words,
  isDisabled = false,
  onAction,
}: {
  icon: LucideIcon;
  words: string;
  isDisabled?: boolean;
  onAction: () => void;
}) {
  return (
    <MenuItem
      className={menu.item ?? ''}
      textValue={words}
      isDisabled={isDisabled}
      onAction={onAction}
    >
      <Icon size={20} aria-hidden />
      {words}
    </MenuItem>
  );
}
