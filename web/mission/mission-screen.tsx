import { useState } from 'react';
import { NeedCards } from '../closing/need-cards.tsx';
import { KeyReminder } from '../keys/key-reminder.tsx';
import { useStrings } from '../language/i18n.ts';
import { useMission } from '../session/client-context.tsx';
import { Button, GoButton, GoIconButton } from '../ui/button.tsx';
import { Check, KeyRound, Settings, Vote } from '../ui/icons.ts';
import { Pane } from '../ui/pane.tsx';
import { Name, PartyBadge } from '../ui/party/party-badge.tsx';
import { TableRing } from '../ui/party/table-ring.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { Card, Pill } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import { useWide } from '../ui/use-wide.ts';
import { ProposeButton } from '../votes/propose-button.tsx';
import { CharterSheet } from './charter.tsx';
import styles from './mission.module.css';
import { SafetyCodeGrid, SafetyCodeRow } from './safety-code.tsx';

/** What the parties agreed on, the safety code, and who is here. */
export function MissionScreen() {
  const { t } = useStrings();
  const { charter, code, compared, people } = useMission();
  const isWide = useWide();
  const [shown, setShown] = useState<'charter' | 'code'>();
  const { parties } = charter;
  const count = parties.length;
  return (
    <Pane
      title={t('mission.title')}
      heading={t('mission.title')}
      tools={
        isWide ? null : <GoIconButton name={t('act.settings')} icon={Settings} to="/settings" />
      }
    >
      <Card className={styles.summary}>
        <TableRing
          parties={parties}
          isDone={() => true}
          label={t('mission.signed', { count })}
          big={String(count)}
          small={t('mission.ringSub', { count })}
          size={116}
        />
        <div className={styles.grow}>
          <h2>
            <Name>{charter.name}</Name>
          </h2>
          <p className={`${text.muted} ${text.small}`}>{t('mission.signed', { count })}</p>
          <p>
            <Name>{charter.purpose}</Name>
          </p>
          <Button onPress={() => setShown('charter')}>{t('charter.read')}</Button>
        </div>
      </Card>
      <NeedCards />
      <Card className={styles.stack}>
        <div className={styles.between}>
          <h2>{t('mission.code')}</h2>
          <Pill icon={Check} tone={compared.length === count ? 'ok' : 'plain'}>
            {t('mission.compared', { n: compared.length, m: count })}
          </Pill>
        </div>
        <div className={styles.between}>
          <SafetyCodeRow code={code} count={5} />
          <Button onPress={() => setShown('code')}>{t('mission.showAll')}</Button>
        </div>
      </Card>
      <Card className={styles.stack}>
        <h2>{t('mission.byParty')}</h2>
        <ul className={styles.counts}>
          {parties.map((party) => {
            const inParty = people.filter(({ slot }) => slot === party.slot).length;
            return (
              <li key={party.slot}>
                <PartyBadge party={party} isLarge />
                <Name>{party.name}</Name>
                <span>{t('people.count', { count: inParty })}</span>
              </li>
            );
          })}
        </ul>
      </Card>
      <KeyReminder />
      <div className={styles.ways}>
        <GoButton to="/votes" icon={Vote}>
          {t('vote.list')}
        </GoButton>
        <GoButton to="/me/key-card" icon={KeyRound}>
          {t('keyCard.title')}
        </GoButton>
      </div>
      <ProposeButton about={{ kind: 'close' }} />
      <CharterSheet
        charter={charter}
        isOpen={shown === 'charter'}
        onClose={() => setShown(undefined)}
      />
      <Sheet
        title={t('mission.code')}
        isOpen={shown === 'code'}
        onClose={() => setShown(undefined)}
      >
        <p>{t('mission.codeText')}</p>
        <SafetyCodeGrid code={code} />
      </Sheet>
    </Pane>
  );
}
