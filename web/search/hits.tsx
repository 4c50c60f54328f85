import type { RefObject } from 'react';
import type { PersonView } from '#client/model.ts';
import type { HitView, SearchView } from '#client/search-model.ts';
import { useCallWords } from '../calls/call-note.tsx';
import { useStrings } from '../language/i18n.ts';
import { shortTime } from '../language/time.ts';
import { usePersonWords } from '../messaging/person-words.ts';
import { useMission } from '../session/client-context.tsx';
import { useGo } from '../session/route.tsx';
import { GridList, GridListItem } from '../ui/aria.ts';
import { FileIcon, Phone } from '../ui/icons.ts';
import { cleanName } from '../ui/party/clean-name.ts';
import { Avatar, Name, PartyName } from '../ui/party/party-badge.tsx';
import { partyAt } from '../ui/party/slot.ts';
import { Marked } from './marked.tsx';
import styles from './search.module.css';

/** What was found, people first: one tab stop, arrows inside. A hit opens where it stands. */
export function Hits({
  list,
  found,
  words,
}: {
  list: RefObject<HTMLDivElement | null>;
  found: SearchView;
  words: readonly string[];
}) {
  const { t, tag } = useStrings();
  const { parties } = useMission().charter;
  const personWords = usePersonWords(parties);
  const callWords = useCallWords();
  const go = useGo();
  const ways = new Map<string, string>();
  const people = found.people.map((person) => {
    const key = `person ${person.id}`;
    ways.set(key, `/people/party/${person.slot}`);
    return { key, person, said: personWords(person) };
  });
  const hits = found.hits.map((hit) => {
    const { cid, title, message } = hit;
    const key = `message ${message.sid}`;
    ways.set(key, `/chats/${cid}/at/${message.sid}`);
    const text = message.kind === 'call' ? callWords(message) : message.text;
    const time = shortTime(message.atMs, Date.now(), tag);
    const place = cleanName(title) || t('chats.untitled');
    const said = t('search.hit', { name: personWords(message), place, time, text });
    return { key, hit, said, shown: { text, time, place } };
  });
  return (
    <GridList
      ref={list}
      aria-label={t('search.found')}
      className={styles.list ?? ''}
      onAction={(key) => go(ways.get(String(key)) ?? '/search')}
    >
      {people.map(({ key, person, said }) => (
        <GridListItem key={key} id={key} className={styles.row ?? ''} textValue={said}>
          <Person person={person} words={words} />
        </GridListItem>
      ))}
      {hits.map(({ key, hit, said, shown }) => (
        <GridListItem key={key} id={key} className={styles.row ?? ''} textValue={said}>
          <Hit hit={hit} shown={shown} words={words} />
        </GridListItem>
      ))}
    </GridList>
  );
}

function Person({ person, words }: { person: PersonView; words: readonly string[] }) {
  const { parties } = useMission().charter;
  const party = partyAt(parties, person.slot);
  const name = usePersonWords(parties)(person);
  return (
    <>
      <Avatar name={name} party={party} />
      <span className={styles.words}>
        <span className={styles.title}>
          <Marked words={words}>{name}</Marked>
        </span>
        {party ? (
          <span className={styles.place}>
            <PartyName party={party} />
          </span>
        ) : null}
      </span>
    </>
  );
}

function Hit({
  hit: { message },
  shown: { text, time, place },
  words,
}: {
  hit: HitView;
  shown: { text: string; time: string; place: string };
  words: readonly string[];
}) {
  const { parties } = useMission().charter;
  const name = usePersonWords(parties)(message);
  const Icon = { file: FileIcon, call: Phone }[String(message.kind)];
  return (
    <>
      <Avatar name={name} party={partyAt(parties, message.slot)} />
      <span className={styles.words}>
        <span className={styles.line}>
          <span className={styles.title}>
            <Name>{name}</Name>
          </span>
          <time className={styles.time} dateTime={new Date(message.atMs).toISOString()}>
            {time}
          </time>
        </span>
        <span className={styles.said}>
          {Icon ? <Icon size={18} aria-hidden /> : null}
          <Marked words={words}>{message.kind === 'file' ? cleanName(text) : text}</Marked>
        </span>
        <span className={styles.place}>
          <Name>{place}</Name>
        </span>
      </span>
    </>
  );
}
