import type { ReactNode } from 'react';
import type { CallView } from '#client/call-model.ts';
import { useStrings } from '../language/i18n.ts';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { useGo } from '../session/route.tsx';
import { AriaButton, Menu, MenuItem, MenuTrigger, Popover, ToggleButton } from '../ui/aria.ts';
import {
  Ellipsis,
  type LucideIcon,
  MessageCircle,
  Mic,
  MicOff,
  MonitorUp,
  Pencil,
  PhoneOff,
  Video,
  VideoOff,
} from '../ui/icons.ts';
import menu from '../ui/menu.module.css';
import styles from './call.module.css';
import { canShareScreen } from './devices.ts';

/** What a person does during a call, in reach of a thumb. */
export function Controls({ call }: { call: CallView }) {
  const { t } = useStrings();
  const client = useClient();
  const { run } = useCommand();
  return (
    <div className={styles.controls}>
      <MicrophoneControl call={call} />
      <CameraControl call={call} />
      {canShareScreen() ? (
        <Control
          name={t('call.share')}
          short={t('call.shareShort')}
          icon={MonitorUp}
          isOn={call.screen}
          onChange={(isOn) => void run(() => client.setScreen(isOn))}
        />
      ) : null}
      <More call={call} />
      <Leave
        name={t('call.leave')}
        short={t('call.leaveShort')}
        onPress={() => client.leaveCall()}
      />
    </div>
  );
}

/** The microphone, pressed while it is on. */
export function MicrophoneControl({ call }: { call: CallView }) {
  const { t } = useStrings();
  const client = useClient();
  const { run } = useCommand();
  return (
    <Control
      name={t('call.microphone')}
      short={t('call.microphoneShort')}
      icon={call.microphone ? Mic : MicOff}
      isOn={call.microphone}
      isLoudWhenOff
      onChange={(isOn) => void run(() => client.setMicrophone(isOn))}
    />
  );
}

/** The camera, pressed while it is on; `onWish` hears at once what is wanted, since opening takes a while. */
export function CameraControl({
  call,
  onWish,
}: {
  call: CallView;
  onWish?: (isOn: boolean) => void;
}) {
  const { t } = useStrings();
  const client = useClient();
  const { run } = useCommand();
  return (
    <Control
      name={t('call.camera')}
      short={t('call.camera')}
      icon={call.camera ? Video : VideoOff}
      isOn={call.camera}
      isLoudWhenOff
      onChange={(isOn) => {
        onWish?.(isOn);
        void run(() => client.setCamera(isOn));
      }}
    />
  );
}

function Control({
  name,
  short,
  icon: Icon,
  isOn,
  isLoudWhenOff = false,
  onChange,
}: {
  name: string;
  short: string;
  icon: LucideIcon;
  isOn: boolean;
  /** What others miss without it is marked when it is off, else when it is on. */
  isLoudWhenOff?: boolean;
  onChange: (isOn: boolean) => void;
}) {
  return (
    <ToggleButton
      className={styles.control ?? ''}
      aria-label={name}
      isSelected={isOn}
      onChange={onChange}
    >
      <Disc icon={Icon} short={short} look={isOn === isLoudWhenOff ? undefined : styles.marked} />
    </ToggleButton>
  );
}

function Disc({
  icon: Icon,
  short,
  look = '',
}: {
  icon: LucideIcon;
  short: string;
  look?: string | undefined;
}): ReactNode {
  return (
    <>
      <span className={`${styles.disc} ${look}`}>
        <Icon size={22} aria-hidden />
      </span>
      <span className={styles.short}>{short}</span>
    </>
  );
}

/** The red button that ends a call for this person. */
export function Leave({
  name,
  short,
  onPress,
}: {
  name: string;
  short: string;
  onPress: () => Promise<void>;
}) {
  const { run } = useCommand();
  return (
    <AriaButton
      className={styles.control ?? ''}
      aria-label={name}
      onPress={() => void run(onPress)}
    >
      <Disc icon={PhoneOff} short={short} look={styles.end} />
    </AriaButton>
  );
}

function More({ call }: { call: CallView }) {
  const { t } = useStrings();
  const go = useGo();
  return (
    <MenuTrigger>
      <AriaButton className={styles.control ?? ''} aria-label={t('call.more')}>
        <Disc icon={Ellipsis} short={t('call.more')} />
      </AriaButton>
      <Popover className={menu.popover ?? ''} placement="top" data-stage>
        <Menu className={menu.menu ?? ''} aria-label={t('call.more')}>
          <MenuItem className={menu.item ?? ''} onAction={() => go(`/chats/${call.cid}`)}>
            <MessageCircle size={20} aria-hidden />
            {t('call.openChat')}
          </MenuItem>
          <MenuItem className={menu.item ?? ''} onAction={() => go(`/chats/${call.cid}/board`)}>
            <Pencil size={20} aria-hidden />
            {t('board.open')}
          </MenuItem>
          {canShareScreen() ? null : (
            <MenuItem className={menu.item ?? ''} isDisabled>
              <MonitorUp size={20} aria-hidden />
              {t('call.cannotShare')}
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
