import type { OngoingView } from '#client/call-model.ts';
import { useStrings } from '../language/i18n.ts';
import { useClient, useMission, useView } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { Button } from '../ui/button.tsx';
import { Phone } from '../ui/icons.ts';
import { Name } from '../ui/party/party-badge.tsx';
import { Card } from '../ui/surface.tsx';
import styles from './calls.module.css';

/** The conference that is on in a conversation, above its log. */
export function OngoingHere({ cid }: { cid: string }) {
  const { ongoing } = useMission();
  const here = ongoing.find((one) => one.cid === cid);
  if (!here) return null;
  return (
    <div className={`${styles.card} ${styles.chat}`}>
      <Ongoing ongoing={here} />
    </div>
  );
}

/** Every conference that is on, each as a card. */
export function OngoingCards() {
  const { ongoing } = useMission();
  return ongoing.map((one) => (
    <Card key={one.conf} className={styles.card}>
      <Ongoing ongoing={one} isNamed />
    </Card>
  ));
}

function Ongoing({ ongoing, isNamed = false }: { ongoing: OngoingView; isNamed?: boolean }) {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy } = useCommand();
  const { call } = useView();
  const { conversations } = useMission();
  const { cid, people } = ongoing;
  const title = conversations.find((one) => one.cid === cid)?.title ?? '';
  return (
    <>
      <Phone size={22} aria-hidden />
      <span>
        <b>{isNamed && title !== '' ? <Name>{title}</Name> : t('calls.isOn')}</b>
        <span className={styles.small}>{t('call.inside', { count: people })}</span>
      </span>
      {call ? null : (
        <Button look="primary" isBusy={isBusy} onPress={() => void run(() => client.confer(cid))}>
          {t('calls.join')}
        </Button>
      )}
    </>
  );
}
