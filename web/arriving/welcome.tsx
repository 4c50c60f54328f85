import { useState } from 'react';
import { useStrings } from '../language/i18n.ts';
import { useClient, useView } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { Button, GoButton } from '../ui/button.tsx';
import { ScanLine, SquarePen } from '../ui/icons.ts';
import { Note } from '../ui/surface.tsx';
import { ArrivalPage } from './arrival-page.tsx';
import styles from './arriving.module.css';
import { StartOver } from './start-over.tsx';
import { TypeCode } from './type-code.tsx';

/** First screen with nothing on this device: what the box says, and the ways in. */
export function Welcome() {
  const { t } = useStrings();
  const { box } = useView();
  const [isTyping, setTyping] = useState(false);
  const state = !box
    ? t('welcome.noBox')
    : box.hasMission
      ? t('welcome.hasMission')
      : box.hasFounding
        ? t('welcome.hasFounding')
        : t('welcome.empty');
  return (
    <ArrivalPage title={t('welcome.title')} heading={t('welcome.title')}>
      <p className={styles.lead}>{t('welcome.lead')}</p>
      <Note tone={box?.hasFounding && !box.hasMission ? 'attention' : 'plain'}>{state}</Note>
      <div className={styles.buttons}>
        <GoButton to="/scan" look="primary" icon={ScanLine} isWide>
          {t('act.scanInvitation')}
        </GoButton>
        <Button icon={SquarePen} isWide onPress={() => setTyping(true)}>
          {t('act.typeCode')}
        </Button>
        {box?.hasMission ? <LinkThis /> : null}
        {box?.canReplaceFounding ? <StartOver /> : null}
        {box && !box.hasMission && !box.hasFounding ? (
          <GoButton to="/found/propose" isWide>
            {t('welcome.found')}
          </GoButton>
        ) : null}
      </div>
      <p className={styles.lead}>{t('welcome.limit')}</p>
      <TypeCode isOpen={isTyping} onClose={() => setTyping(false)} />
    </ArrivalPage>
  );
}

/** "Link this device": it becomes a further device of somebody who is in the mission. */
function LinkThis() {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy } = useCommand();
  return (
    <Button isWide isBusy={isBusy} onPress={() => void run(() => client.linkThisDevice())}>
      {t('welcome.linkThis')}
    </Button>
  );
}
