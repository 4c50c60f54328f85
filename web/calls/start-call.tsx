import { useState } from 'react';
import type { PersonView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { useClient, useMission, useView } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { AriaButton, Menu, MenuItem, MenuTrigger, Popover } from '../ui/aria.ts';
import button from '../ui/button.module.css';
import { type LucideIcon, Phone, Users, Video } from '../ui/icons.ts';
import menu from '../ui/menu.module.css';
import { Sheet } from '../ui/sheet.tsx';
import { PersonCalls } from './person-calls.tsx';
import styles from './calls.module.css';

/** The telephone in the header of a conversation: one person, or everybody. */
export function StartCall({ cid }: { cid: string }) {
  const { t } = useStrings();
  const client = useClient();
  const { run } = useCommand();
  const { call } = useView();
  const { ongoing, people } = useMission();
  const [isChoosing, setChoosing] = useState(false);
  if (call) return null;
  const others = people.filter(({ isMe }) => !isMe);
  const [only] = others.length === 1 ? others : [];
  const ring = (person: PersonView, withVideo: boolean) =>
    void run(() => client.call(cid, person.id, withVideo));
  const isOn = ongoing.some((one) => one.cid === cid);
  return (
    <>
      <MenuTrigger>
        <AriaButton className={button.icon ?? ''} aria-label={t('calls.start')}>
          <Phone size={22} aria-hidden />
        </AriaButton>
        <Popover className={menu.popover ?? ''} placement="bottom end">
          <Menu className={menu.menu ?? ''} aria-label={t('calls.start')}>
            {only ? (
              <>
                <Item icon={Phone} words={t('calls.audio')} onAction={() => ring(only, false)} />
                <Item icon={Video} words={t('calls.video')} onAction={() => ring(only, true)} />
              </>
            ) : null}
            {others.length > 1 ? (
              <Item icon={Phone} words={t('calls.person')} onAction={() => setChoosing(true)} />
            ) : null}
            <Item
              icon={Users}
              words={isOn ? t('calls.joinConference') : t('calls.conference')}
              onAction={() => void run(() => client.confer(cid))}
            />
          </Menu>
        </Popover>
      </MenuTrigger>
      <Sheet title={t('calls.person')} isOpen={isChoosing} onClose={() => setChoosing(false)}>
        <ul className={styles.list}>
          {others.map((person) => (
            <li key={person.id}>
              <PersonCalls person={person} cid={cid} isNamed onCall={() => setChoosing(false)} />
            </li>
          ))}
        </ul>
      </Sheet>
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
