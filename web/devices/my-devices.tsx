import { useState } from 'react';
import type { DeviceView } from '#client/linking/linking-model.ts';
import { useStrings } from '../language/i18n.ts';
import { dateAndTime } from '../language/time.ts';
import { useClient, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button, GoButton } from '../ui/button.tsx';
import { Plus } from '../ui/icons.ts';
import { Pane } from '../ui/pane.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { Card, Note } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import styles from './devices.module.css';

/** A person's own devices: the way to a further one, and the end of one that is lost. */
export function MyDevicesScreen() {
  const { t } = useStrings();
  const { devices } = useMission();
  const [leaving, setLeaving] = useState<DeviceView>();
  return (
    <Pane
      title={t('devices.title')}
      heading={t('devices.title')}
      back="/settings"
      actions={
        <GoButton to="/me/devices/link" look="primary" icon={Plus}>
          {t('devices.link')}
        </GoButton>
      }
    >
      {devices.length === 1 ? (
        <Note tone="attention">
          <b>{t('devices.one')}</b>
          <p>{t('devices.oneText')}</p>
        </Note>
      ) : null}
      <ul className={styles.stack} aria-label={t('devices.title')}>
        {devices.map((device) => (
          <li key={device.id}>
            <Device device={device} onRetire={() => setLeaving(device)} />
          </li>
        ))}
      </ul>
      {leaving ? <Retire device={leaving} onClose={() => setLeaving(undefined)} /> : null}
    </Pane>
  );
}

function Device({ device, onRetire }: { device: DeviceView; onRetire: () => void }) {
  const { t, tag } = useStrings();
  const { isThis, lastMs, number } = device;
  return (
    <Card className={styles.row}>
      <div>
        <h2>{isThis ? t('devices.this') : t('devices.other', { number })}</h2>
        <p className={text.muted}>
          {lastMs === undefined
            ? t('devices.never')
            : t('devices.last', { date: dateAndTime(lastMs, tag) })}
        </p>
      </div>
      {isThis ? null : (
        <Button look="danger" onPress={onRetire}>
          {t('devices.retire')}
        </Button>
      )}
    </Card>
  );
}

function Retire({ device, onClose }: { device: DeviceView; onClose: () => void }) {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy, problem } = useCommand({ here: true });
  const retire = async () => {
    if (await run(() => client.retireDevice(device.id))) onClose();
  };
  return (
    <Sheet
      title={t('devices.retireTitle')}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('act.cancel')}</Button>
          <Button look="danger" isBusy={isBusy} onPress={() => void retire()}>
            {t('devices.retire')}
          </Button>
        </>
      }
    >
      <p className={text.strong}>{t('devices.other', { number: device.number })}</p>
      <p>{t('devices.retireText')}</p>
      <ProblemNote problem={problem} />
    </Sheet>
  );
}
