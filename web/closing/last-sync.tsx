import { useState } from 'react';
import type { ClosingView, PartySyncView } from '#client/closing-model.ts';
import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { useClient, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button } from '../ui/button.tsx';
import { Check, CircleDashed } from '../ui/icons.ts';
import { cleanName } from '../ui/party/clean-name.ts';
import { Name, PartyBadge } from '../ui/party/party-badge.tsx';
import { partyAt } from '../ui/party/slot.ts';
import { Progress } from '../ui/progress.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { Card, Note, Pill } from '../ui/surface.tsx';
import { AskParty } from './ask-party.tsx';
import styles from './closing.module.css';

/** Which devices have sent their last messages, by party, and whom the record waits for. */
export function LastSync({ closing }: { closing: ClosingView }) {
  const { t } = useStrings();
  const { sync, unsent } = closing;
  const settled = sync.reduce((sum, party) => sum + party.done + party.givenUp, 0);
  const devices = sync.reduce((sum, party) => sum + party.devices, 0);
  const words = t('closing.devices', { n: settled, count: devices });
  return (
    <>
      <Card className={styles.stack}>
        <h2>{t('closing.sync.title')}</h2>
        <p>{t('closing.sync.text')}</p>
        <Progress
          name={t('closing.sync.title')}
          words={words}
          done={settled}
          total={devices}
          says={() => words}
        />
        <ul className={styles.list}>
          {sync.map((party) => (
            <PartyRow key={party.slot} sync={party} canGiveUp={closing.canGiveUp} />
          ))}
        </ul>
      </Card>
      {unsent > 0 ? (
        <Note tone="attention">{t('closing.sync.unsent', { count: unsent })}</Note>
      ) : null}
    </>
  );
}

function PartyRow({ sync, canGiveUp }: { sync: PartySyncView; canGiveUp: boolean }) {
  const { t } = useStrings();
  const { charter, me } = useMission();
  const party = partyAt(charter.parties, sync.slot);
  if (!party) return null;
  const missing = Math.max(0, sync.devices - sync.done - sync.givenUp);
  const isOwn = party.slot === me.slot;
  return (
    <li>
      <PartyBadge party={party} isLarge />
      <span className={styles.words}>
        <b>
          <Name>{party.name}</Name>
        </b>
        <small>
          {t('closing.devices', { n: sync.done, count: sync.devices })}
          {sync.givenUp > 0
            ? ` ${t('closing.sync.givenUp', { count: sync.givenUp })} ${t('closing.notInRecord')}`
            : null}
        </small>
      </span>
      <Pill icon={missing > 0 ? CircleDashed : Check} tone={missing > 0 ? 'plain' : 'ok'}>
        {missing > 0 ? t('closing.sync.missing', { count: missing }) : t('closing.done')}
      </Pill>
      {missing > 0 ? (
        <span className={styles.acts}>
          <AskParty party={party} />
          {isOwn && canGiveUp ? <GiveUp party={cleanName(party.name)} /> : null}
        </span>
      ) : null}
    </li>
  );
}

/** Devices of one's own party that are not waited for any more. */
function GiveUp({ party }: { party: string }) {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy, problem } = useCommand({ here: true });
  const [isOpen, setOpen] = useState(false);
  const go = async () => {
    if (await run(() => client.giveUpDevices())) setOpen(false);
  };
  return (
    <>
      <Button onPress={() => setOpen(true)}>{t('closing.sync.goOn')}</Button>
      <Sheet
        title={t('closing.sync.goOnTitle')}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        actions={
          <>
            <Button onPress={() => setOpen(false)}>{t('act.cancel')}</Button>
            <Button look="primary" isBusy={isBusy} onPress={() => void go()}>
              {t('closing.sync.goOn')}
            </Button>
          </>
        }
      >
        <p>
          <Phrase of="closing.sync.goOnText" values={{ party }} />
        </p>
        <Note tone="attention">{t('closing.notInRecord')}</Note>
        <ProblemNote problem={problem} />
      </Sheet>
    </>
  );
}
