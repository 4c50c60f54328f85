import { lazy, Suspense, useRef, useState } from 'react';
import { useStrings } from '../language/i18n.ts';
import { useGo } from '../session/route.tsx';
import { AriaButton, Menu, MenuItem, MenuTrigger, Popover } from '../ui/aria.ts';
import button from '../ui/button.module.css';
import { FileIcon, Image, type LucideIcon, Pencil, Plus } from '../ui/icons.ts';
import menu from '../ui/menu.module.css';

// Fetched with the first file: the first page stays small.
const SendFile = lazy(() =>
  import('./send-file.tsx').then(({ SendFile }) => ({ default: SendFile })),
);

/** What can be put into a conversation besides text. */
export function Attach({ cid }: { cid: string }) {
  const { t } = useStrings();
  const go = useGo();
  const pictures = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<File>();
  const take = (input: HTMLInputElement) => {
    setChosen(input.files?.[0]);
    // The same file can be chosen again.
    input.value = '';
  };
  return (
    <>
      <MenuTrigger>
        <AriaButton className={button.icon ?? ''} aria-label={t('file.attach')}>
          <Plus size={24} aria-hidden />
        </AriaButton>
        <Popover className={menu.popover ?? ''} placement="top start">
          <Menu className={menu.menu ?? ''} aria-label={t('file.attach')}>
            <Item icon={Image} words={t('file.photo')} onAction={() => pictures.current?.click()} />
            <Item icon={FileIcon} words={t('file.file')} onAction={() => files.current?.click()} />
            <Item
              icon={Pencil}
              words={t('board.title')}
              onAction={() => go(`/chats/${cid}/board`)}
            />
          </Menu>
        </Popover>
      </MenuTrigger>
      <input
        ref={pictures}
        type="file"
        accept="image/*,video/*"
        hidden
        aria-label={t('file.photo')}
        onChange={(event) => take(event.target)}
      />
      <input
        ref={files}
        type="file"
        hidden
        aria-label={t('file.file')}
        onChange={(event) => take(event.target)}
      />
      {chosen ? (
        <Suspense fallback={null}>
          <SendFile cid={cid} file={chosen} onClose={() => setChosen(undefined)} />
        </Suspense>
      ) : null}
    </>
  );
}

function Item({
  icon: Icon,
  words,
  onAction,
}: {
  icon: LucideIcon;
  words: string;
  onAction: () => void;
}) {
  return (
    <MenuItem className={menu.item ?? ''} textValue={words} onAction={onAction}>
      <Icon size={20} aria-hidden />
      {words}
    </MenuItem>
  );
}
