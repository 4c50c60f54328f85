import { saveBlob } from '../../files/save-blob.ts';
import { Download } from '../../ui/icons.ts';
import { PartyName } from '../../ui/party/party-badge.tsx';
import { TableRing } from '../../ui/party/table-ring.tsx';
import { Note } from '../../ui/surface.tsx';
import { asText } from '../record/as-text.ts';
import type { Library } from '../record/model.ts';
import { useWords } from '../strings/words.ts';
import { Choose } from './choose.tsx';
import type { Names } from './naming.ts';
import { Press } from './press.tsx';
import styles from './reader.module.css';
import { useReaderView, useSession } from './session-context.ts';

/** What this record is: receipts, counts, what stays locked, and ways to take it along. */
export function About({ library, names }: { library: Library; names: Names }) {
  const { t } = useWords();
  const session = useSession();
  const { certificateProblem, found, receipts } = useReaderView();
  const { conversations, openedAs, people } = library;
  const locked = conversations.filter(({ state }) => state === 'locked');
  const own = locked.filter(({ isOwn }) => isOwn).length;
  const party = openedAs === undefined ? undefined : names.party(openedAs);
  const messages = conversations.reduce((sum, one) => sum + one.messages, 0);
  const facts: (readonly [string, React.ReactNode])[] = [
    [t('about.openedAs'), party ? <PartyName party={party} /> : t('about.nobody')],
    [t('about.people'), people.length],
    [t('about.messages'), messages],
    [t('about.files'), found?.files ?? 0],
  ];
  if (locked.length > 0) {
    facts.push([t('about.cannotRead'), t('about.conversations', { count: locked.length })]);
  }
  const save = () =>
    saveBlob(new Blob([asText(library, names)]), `${library.mission ?? 'record'}.txt`);
  return (
    <aside className={styles.about} aria-labelledby="about">
      <h2 id="about">{t('about.title')}</h2>
      <Ring names={names} />
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === 'number' ? t('about.number', { number: value }) : value}</dd>
          </div>
        ))}
      </dl>
      {openedAs === undefined ? <Note>{t('about.lockedAll')}</Note> : null}
      {openedAs !== undefined && locked.length > own ? (
        <Note>{t('about.locked', { count: locked.length - own })}</Note>
      ) : null}
      {own > 0 ? <Note>{t('about.lockedOwn', { count: own })}</Note> : null}
      {receipts ? (
        <Note tone="ok">{t('about.erased', { count: receipts.erased })}</Note>
      ) : (
        <Note>{t('about.receiptsThere')}</Note>
      )}
      {certificateProblem ? <Note tone="bad">{t(`problem.${certificateProblem}`)}</Note> : null}
      {receipts ? null : <Choose>{t('about.openCertificate')}</Choose>}
      {openedAs === undefined ? null : (
        <Press icon={Download} isWide onPress={save}>
          {t('about.export')}
        </Press>
      )}
      <Press look="quiet" onPress={() => session.close()}>
        {t('open.another')}
      </Press>
    </aside>
  );
}

/** The table: with a certificate who signed the receipt, else who took part. */
function Ring({ names }: { names: Names }) {
  const { t } = useWords();
  const { receipts } = useReaderView();
  const all = names.parties.length;
  if (!receipts) {
    const words = t('about.parties', { count: all });
    return (
      <div className={styles.ring}>
        <TableRing
          parties={names.parties}
          isDone={() => true}
          label={`${all} ${words}`}
          big={String(all)}
          small={words}
          size={150}
        />
      </div>
    );
  }
  const done = receipts.signed.length;
  return (
    <div className={styles.ring}>
      <TableRing
        parties={names.parties}
        isDone={(slot) => receipts.signed.includes(slot)}
        label={t('about.ring', { done, all })}
        big={t('about.ofAll', { done, all })}
        small={t('about.receipts')}
        size={150}
      />
    </div>
  );
}
