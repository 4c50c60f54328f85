import { useEffect, useMemo, useRef, useState } from 'react';
import { wordsOf } from '#client/search/letters.ts';
import { useStrings } from '../language/i18n.ts';
import { Phrase } from '../language/phrase.tsx';
import { useMission } from '../session/client-context.tsx';
import { Button, GoButton } from '../ui/button.tsx';
import { Pane } from '../ui/pane.tsx';
import { Progress } from '../ui/progress.tsx';
import { Note } from '../ui/surface.tsx';
import text from '../ui/text.module.css';
import { isAsking, queryOf, useFilter } from './filter.ts';
import { Filters } from './filters.tsx';
import { Hits } from './hits.tsx';
import styles from './search.module.css';
import { useSearch } from './use-search.ts';

/** Hits drawn at first, and more each time they are asked for. */
const hitsAtOnce = 50;

/** The search in one conversation, or in all of them. */
export function SearchScreen({ cid }: { cid: string | undefined }) {
  const { t } = useStrings();
  const { conversations } = useMission();
  const [filter, change] = useFilter();
  const [limit, setLimit] = useState(hitsAtOnce);
  const query = useMemo(() => queryOf(filter, cid, limit), [filter, cid, limit]);
  const words = useMemo(() => wordsOf(filter.text), [filter.text]);
  const { found, isDone } = useSearch(query);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const title = conversations.find((one) => one.cid === cid)?.title ?? '';
  const isEmpty = isDone && found.count === 0 && isAsking(filter);
  const { reading } = found;
  return (
    <Pane
      title={t('search.title')}
      heading={t('search.title')}
      sub={
        cid === undefined ? (
          t('search.where')
        ) : (
          <Phrase of="search.within" values={{ title: title || t('chats.untitled') }} />
        )
      }
      back={cid === undefined ? '/chats' : `/chats/${cid}`}
    >
      <Filters
        field={field}
        filter={filter}
        cid={cid}
        onChange={(next) => {
          setLimit(hitsAtOnce);
          change(next);
        }}
        onDown={() => list.current?.querySelector<HTMLElement>('[role=row]')?.focus()}
      />
      {reading ? (
        <Progress
          name={t('search.reading')}
          words={t('search.readingWords', {
            percent: Math.floor((reading.done / reading.total) * 100),
          })}
          done={reading.done}
          total={reading.total}
        />
      ) : null}
      <p role="status" className={text.muted}>
        {!isAsking(filter) || !isDone
          ? ''
          : isEmpty
            ? t('search.nothing')
            : t('search.count', { count: found.count })}
      </p>
      {found.count > 0 ? <Hits list={list} found={found} words={words} /> : null}
      {found.hits.length + found.people.length < found.count ? (
        <div className={styles.more}>
          <Button look="quiet" onPress={() => setLimit(limit + hitsAtOnce)}>
            {t('search.more')}
          </Button>
        </div>
      ) : null}
      {isEmpty || !isAsking(filter) ? <Note>{t('search.not')}</Note> : null}
      {cid !== undefined && (isEmpty || isDone) ? (
        <GoButton to="/search">{t('search.everywhere')}</GoButton>
      ) : null}
    </Pane>
  );
}
