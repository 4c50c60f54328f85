import { useState } from 'react';
import type { OldDeviceView } from '#client/linking/linking-model.ts';
import { isParleyCode } from '../arriving/parley-code.ts';
import { CardFinder } from '../keys/card-finder.tsx';
import { useStrings } from '../language/i18n.ts';
import { useClient, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { useGo } from '../session/route.tsx';
import { Button } from '../ui/button.tsx';
import { Field, Toggle } from '../ui/field.tsx';
import { Check, ScanLine, X } from '../ui/icons.ts';
import { Pane } from '../ui/pane.tsx';
import { Note, Wait } from '../ui/surface.tsx';
import styles from './devices.module.css';
import { LinkPictures } from './link-pictures.tsx';

/** A further device is linked from here: its code, the comparison, the keys. */
export function LinkDeviceScreen() {
  const { linking } = useMission();
  return linking ? <Linking linking={linking} /> : <TakeCode />;
}

function TakeCode() {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy, problem } = useCommand({ here: true });
  const [code, setCode] = useState('');
  const [isScanning, setScanning] = useState(false);
  const [isForeign, setForeign] = useState(false);
  const take = (found: string) => void run(() => client.linkDevice(found));
  const scanned = (found: string) => {
    setForeign(!isParleyCode(found));
    if (isParleyCode(found)) take(found);
  };
  return (
    <Pane title={t('devices.link')} heading={t('devices.link')} back="/me/devices">
      <p>{t('devices.linkText')}</p>
      {isScanning ? (
        <CardFinder onText={scanned} />
      ) : (
        <Button look="primary" icon={ScanLine} onPress={() => setScanning(true)}>
          {t('devices.scan')}
        </Button>
      )}
      {isForeign ? <Note tone="bad">{t('devices.foreign')}</Note> : null}
      <form
        className={styles.stack}
        onSubmit={(event) => {
          event.preventDefault();
          take(code);
        }}
      >
        <Field
          label={t('devices.code')}
          hint={t('devices.codeHint')}
          value={code}
          onChange={setCode}
          isCode
          isLong
        />
        <ProblemNote problem={problem} />
        <Button type="submit" isBusy={isBusy} isDisabled={code.trim() === ''} isWide>
          {t('devices.go')}
        </Button>
      </form>
    </Pane>
  );
}

function Linking({ linking }: { linking: OldDeviceView }) {
  const { t } = useStrings();
  const client = useClient();
  const go = useGo();
  const { run, isBusy, problem } = useCommand({ here: true });
  const [withParty, setWithParty] = useState(true);
  const { compare, hasPartyKey, step } = linking;
  const leave = async () => {
    if (await run(() => client.leaveLinking())) go('/me/devices');
  };
  const answer = (matches: boolean) =>
    void run(() => client.compareDevices(matches, hasPartyKey && withParty));
  const isOver = step === 'done' || step === 'ended';
  const title = step === 'compare' ? t('devices.compareTitle') : t('devices.link');
  return (
    <Pane
      title={title}
      heading={title}
      actions={
        step === 'compare' ? (
          <>
            <Button look="primary" icon={X} isDisabled={isBusy} onPress={() => answer(false)}>
              {t('act.differs')}
            </Button>
            <Button look="primary" icon={Check} isDisabled={isBusy} onPress={() => answer(true)}>
              {t('act.matches')}
            </Button>
          </>
        ) : (
          <Button look={isOver ? 'primary' : 'quiet'} isBusy={isBusy} onPress={() => void leave()}>
            {isOver ? t('act.close') : t('act.cancel')}
          </Button>
        )
      }
    >
      {step === 'connecting' ? <Wait>{t('devices.connecting')}</Wait> : null}
      {step === 'compare' ? <p>{t('devices.compareText')}</p> : null}
      {compare ? <LinkPictures compare={compare} /> : null}
      {step === 'compare' && hasPartyKey ? (
        <div className={styles.stack}>
          <Toggle label={t('devices.withParty')} isOn={withParty} onChange={setWithParty} />
          <p>{t('devices.withPartyText')}</p>
        </div>
      ) : null}
      {step === 'compare' ? (
        <Button look="quiet" onPress={() => void leave()}>
          {t('act.cancel')}
        </Button>
      ) : null}
      {step === 'waiting' ? <Wait>{t('devices.waiting')}</Wait> : null}
      {step === 'handing-over' ? <Wait>{t('devices.handing')}</Wait> : null}
      {step === 'done' ? (
        <Note tone="ok">
          <b>{t('devices.done')}</b>
          <p>{t('devices.doneText')}</p>
        </Note>
      ) : null}
      <ProblemNote problem={problem ?? linking.problem} />
    </Pane>
  );
}
