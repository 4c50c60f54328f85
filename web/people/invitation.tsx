import type { InvitationView } from '#client/model.ts';
import { useStrings } from '../language/i18n.ts';
import { useClient, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { Button } from '../ui/button.tsx';
import { useCopy } from '../ui/copy.ts';
import { Copy, Hourglass, Printer, Users } from '../ui/icons.ts';
import { Qr } from '../ui/qr.tsx';
import { Card, Note, Pill } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import { BeforeTheyScan } from './before-they-scan.tsx';
import styles from './people.module.css';

/** One invitation: the code while it works, how much of it is used, the way to stop it. */
export function Invitation({ invitation }: { invitation: InvitationView }) {
  const { t } = useStrings();
  const client = useClient();
  const { me } = useMission();
  const { run, isBusy, problem } = useCommand({ here: true });
  const { id, link, stopped, used, uses } = invitation;
  const left = Math.max(0, uses - used);
  const { isCopied, copy } = useCopy(link ?? '');
  const isLive = !stopped && left > 0;
  return (
    <>
      <section className={styles.centre}>
        {isLive && link ? (
          <>
            <Qr text={link} name={t('invite.qr')} />
            <h2>{t('invite.scan')}</h2>
            <p className={text.muted}>{t('invite.warn')}</p>
          </>
        ) : null}
        {stopped ? <Note tone="attention">{t('invite.stopped')}</Note> : null}
        {!stopped && left === 0 ? <Note tone="ok">{t('invite.usedUp')}</Note> : null}
        {isLive && !link ? <Note>{t('invite.other')}</Note> : null}
        <div className={styles.pills}>
          <Pill icon={Users}>{t('invite.left', { count: left, of: uses })}</Pill>
          {isLive ? <Pill icon={Hourglass}>{t('invite.until')}</Pill> : null}
        </div>
      </section>
      {isLive && link ? (
        <Card className={styles.centre}>
          <p className={`${text.small} ${text.muted}`}>{t('invite.address')}</p>
          <p className={text.address}>{link}</p>
        </Card>
      ) : null}
      <ProblemNote problem={problem} />
      {isLive ? (
        <div className={`${styles.buttons} ${styles.noPrint}`}>
          {link ? (
            <>
              <Button icon={Copy} onPress={copy}>
                {isCopied ? t('act.copied') : t('act.copyLink')}
              </Button>
              <Button icon={Printer} onPress={() => window.print()}>
                {t('act.print')}
              </Button>
            </>
          ) : null}
          <Button
            look="danger"
            isBusy={isBusy}
            onPress={() => void run(() => client.stopInvitation(id))}
          >
            {t('invite.stop')}
          </Button>
        </div>
      ) : null}
      {isLive && link ? <BeforeTheyScan lead={me.name ?? ''} address={link} /> : null}
    </>
  );
}
