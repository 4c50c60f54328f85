import { useState } from 'react';
import { Avatar, Name } from '../../ui/party/party-badge.tsx';
import { partyColours } from '../../ui/party/slot.ts';
import { wordsOf } from '../record/as-text.ts';
import type { Entry, Library } from '../record/model.ts';
import { useWords } from '../strings/words.ts';
import styles from './entry.module.css';
import { FileActions } from './file-actions.tsx';
import { fileWords } from './filter.ts';
import { Marked } from './marked.tsx';
import type { Names } from './naming.ts';
import { ProofDialog } from './proof-dialog.tsx';

/** One message: who, what, when, and that its signature holds. */
export function EntryRow({
  entry,
  library,
  names,
  query,
  isAnywhere,
}: {
  entry: Entry;
  library: Library;
  names: Names;
  query: string;
  isAnywhere: boolean;
}) {
  const { t } = useWords();
  const [isProving, setProving] = useState(false);
  const person = names.person(entry);
  const { atMs, cid, file, isDeleted, isEdited, kind } = entry;
  const place = library.conversations.find((one) => one.cid === cid);
  const when = <time dateTime={new Date(atMs).toISOString()}>{names.when(atMs)}</time>;
  if (kind === 'event' || kind === 'call') {
    return (
      <li className={styles.event}>
        {wordsOf(entry, person, t)} {when}
      </li>
    );
  }
  return (
    <li className={styles.entry} data-sid={entry.sid}>
      <Avatar name={person} party={names.party(entry.slot)} />
      <div className={styles.body}>
        <p className={styles.who}>
          <b className={styles.name} style={partyColours(entry.slot)}>
            <Name>{person}</Name>
          </b>
          {isAnywhere && place ? ` ${t('line.in', { title: names.conversation(place) })}` : null}
        </p>
        <Quote entry={entry} library={library} names={names} />
        <p className={styles.text}>
          <span dir="auto">
            {kind === 'text' && !isDeleted ? (
              <Marked query={query}>{entry.text}</Marked>
            ) : kind === 'file' && file ? (
              <Marked query={query}>{t(fileWords(file.name), { name: file.name })}</Marked>
            ) : (
              <i>{wordsOf(entry, person, t)}</i>
            )}
          </span>
        </p>
        {file && !isDeleted ? <FileActions file={file} /> : null}
        <Reactions entry={entry} library={library} names={names} />
        <p className={styles.meta}>
          {when}
          <span aria-hidden>•</span>
          <span>{t('line.holds')}</span>
          {isEdited ? <span>{t('line.edited')}</span> : null}
          <button type="button" className={styles.link} onClick={() => setProving(true)}>
            {t('proof.show')}
          </button>
        </p>
        {isProving ? (
          <ProofDialog entry={entry} names={names} onClose={() => setProving(false)} />
        ) : null}
      </div>
    </li>
  );
}

/** Characters of an answered message that are enough to know it again. */
const quoted = 120;

function Quote({ entry, library, names }: { entry: Entry; library: Library; names: Names }) {
  const { t } = useWords();
  if (entry.reply === undefined) return null;
  const all = library.conversations.find(({ cid }) => cid === entry.cid)?.entries;
  const answered = all?.find(({ sid }) => sid === entry.reply);
  if (!answered) return null;
  const name = names.person(answered);
  const text = wordsOf(answered, name, t).slice(0, quoted);
  return <p className={styles.quote}>{t('line.reply', { name, text })}</p>;
}

function Reactions({ entry, library, names }: { entry: Entry; library: Library; names: Names }) {
  const { t } = useWords();
  if (entry.reactions.length === 0) return null;
  const nameOf = (member: string) => {
    const person = library.people.find(({ id }) => id === member);
    return names.person(person ?? { slot: 0 });
  };
  return (
    <ul className={styles.reactions}>
      {entry.reactions.map(({ emoji, members }) => {
        const who = t('line.reaction', { emoji, names: members.map(nameOf).join(', ') });
        return (
          <li key={emoji} title={who}>
            <span aria-hidden>{`${emoji} ${members.length}`}</span>
            <span className={styles.unseen}>{who}</span>
          </li>
        );
      })}
    </ul>
  );
}
