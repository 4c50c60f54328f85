import type { CertificateView } from '#client/closing-model.ts';
import { saveBlob } from '../files/save-blob.ts';
import { sizeWords } from '../files/size.ts';
import { useStrings } from '../language/i18n.ts';
import { NameList, Phrase } from '../language/phrase.tsx';
import { dateAndTime } from '../language/time.ts';
import { useClient, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { ProblemNote } from '../session/problem-notice.tsx';
import { useTitle } from '../session/title.ts';
import { Button } from '../ui/button.tsx';
import { Check, Download, Printer, TriangleAlert } from '../ui/icons.ts';
import { partyAt } from '../ui/party/slot.ts';
import { TableRing } from '../ui/party/table-ring.tsx';
import { Note, Wait } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import styles from './certificate.module.css';
import { LeaveMission } from './leave-mission.tsx';

/** What the box signed about the wipe, and what that does not prove. */
export function Certificate() {
  const { t } = useStrings();
  const { charter, closing } = useMission();
  const certificate = closing?.certificate;
  const isProven = certificate?.isProven === true;
  const heading = isProven || !certificate ? t('certificate.empty') : t('certificate.notProven');
  useTitle(heading);
  const receipts = certificate?.receipts ?? [];
  const { parties } = charter;
  const isWhole = receipts.length === parties.length;
  return (
    <main id="main" tabIndex={-1} className={styles.page}>
      <article className={styles.paper}>
        <div className={styles.left}>
          <span className={styles.ring}>
            <TableRing
              parties={parties}
              isDone={(slot) => receipts.includes(slot)}
              label={t('closing.receipts.labelCount', { n: receipts.length, m: parties.length })}
              size={188}
            />
            {certificate ? <Mark isProven={isProven} /> : null}
          </span>
          <h1>{heading}</h1>
          <p className={text.muted}>
            <Phrase
              of={isWhole ? 'certificate.closedAll' : 'certificate.closed'}
              values={{ mission: charter.name }}
            />
          </p>
          {certificate && !isProven ? (
            <Note tone="bad">
              <span className={text.strong}>{t('certificate.destroy')}</span>
            </Note>
          ) : null}
          {certificate && !certificate.isEarned ? (
            <Note tone="attention">{t('certificate.unseen')}</Note>
          ) : null}
        </div>
        {certificate ? <Facts certificate={certificate} /> : <Wait>{t('certificate.wait')}</Wait>}
        {certificate ? <Acts certificate={certificate} /> : null}
      </article>
    </main>
  );
}

function Mark({ isProven }: { isProven: boolean }) {
  const Icon = isProven ? Check : TriangleAlert;
  return <Icon size={64} className={isProven ? undefined : styles.bad} aria-hidden />;
}

function Facts({ certificate }: { certificate: CertificateView }) {
  const { t, tag } = useStrings();
  const { parties } = useMission().charter;
  const { bytes, excused, files, isEarned, isProven, medium, number, receipts } = certificate;
  const names = (slots: readonly number[]) => (
    <NameList names={slots.map((slot) => partyAt(parties, slot)?.name ?? '')} />
  );
  return (
    <section>
      <h2>{t('certificate.title')}</h2>
      <dl className={styles.facts}>
        <dt>{t('certificate.erased')}</dt>
        <dd>
          {t(`certificate.how.${medium}`)}{' '}
          {t('certificate.amount', { count: files, size: sizeWords(bytes, tag) })}
        </dd>
        <dt>{t('certificate.checked')}</dt>
        <dd>{isProven ? t(`certificate.readBack.${medium}`) : t('certificate.readBack.failed')}</dd>
        <dt>{t('certificate.when')}</dt>
        <dd>
          {dateAndTime(certificate.atMs, tag)} {t('certificate.clock')}
        </dd>
        <dt>{t('certificate.receipts')}</dt>
        <dd>
          {receipts.length > 0 ? names(receipts) : null}
          {receipts.length === 0 && isEarned ? t('certificate.nobody') : null}
          {receipts.length === 0 && !isEarned ? t('certificate.unknown') : null}
        </dd>
        {excused.length > 0 ? (
          <>
            <dt>{t('certificate.excused')}</dt>
            <dd>{names(excused)}</dd>
          </>
        ) : null}
        <dt>{t('certificate.number')}</dt>
        <dd>
          <bdi dir="ltr" className={styles.number}>
            {number.toUpperCase()}
          </bdi>
        </dd>
      </dl>
    </section>
  );
}

function Acts({ certificate }: { certificate: CertificateView }) {
  const { t } = useStrings();
  const client = useClient();
  const { run, isBusy, problem } = useCommand({ here: true });
  const name = `Parley ${certificate.number.replaceAll(' ', '')}.json`;
  const save = () =>
    void run(async () => saveBlob(new Blob([await client.certificateText()]), name));
  return (
    <>
      <Note>
        <span className={text.strong}>{t('certificate.cannot')}</span>{' '}
        {t(`certificate.limit.${certificate.medium}`)}
      </Note>
      <ProblemNote problem={problem} />
      <div className={styles.acts}>
        <Button look="primary" icon={Download} isBusy={isBusy} onPress={save}>
          {t('certificate.save')}
        </Button>
        <Button icon={Printer} onPress={() => window.print()}>
          {t('act.print')}
        </Button>
        <LeaveMission />
      </div>
    </>
  );
}
