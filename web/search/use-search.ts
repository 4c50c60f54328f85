import { useEffect, useState } from 'react';
import type { SearchQuery, SearchView } from '#client/search-model.ts';
import { useClient } from '../session/client-context.tsx';

/** Changes within this time are searched together: a sync brings many. */
const calmMs = 300;
const nothing: SearchView = { hits: [], people: [], count: 0 };

/**
 * What a query finds, kept up to date; `isDone` once everything was looked at for this query. What
 * the engine keeps to be fast is forgotten when the screen is left.
 */
export function useSearch(query: SearchQuery): { found: SearchView; isDone: boolean } {
  const client = useClient();
  const [shown, setShown] = useState<{ query?: SearchQuery; found: SearchView }>({
    found: nothing,
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      const found = client.search(query);
      setShown({ query, found });
      // In pieces, with room between them for the next key.
      timer = found.reading ? setTimeout(look) : undefined;
    };
    const stop = client.subscribe(() => (timer ??= setTimeout(look, calmMs)));
    look();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [client, query]);
  useEffect(() => () => void client.search({ text: '', limit: 1 }), [client]);
  const { found } = shown;
  return { found, isDone: shown.query === query && !found.reading };
}
