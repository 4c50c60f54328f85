import { lazy, Suspense, useEffect } from 'react';
import { useStrings } from '../language/i18n.ts';
import { useGo } from '../session/route.tsx';
import { Pane } from '../ui/pane.tsx';
import { Wait } from '../ui/surface.tsx';
import { forgetFilter } from './filter.ts';

// Fetched when somebody first searches; the first page stays as small as without.
const SearchScreen = lazy(async () => ({
  default: (await import('./search-screen.tsx')).SearchScreen,
}));

/** The search in one conversation, or in all of them. */
export function Search({ cid }: { cid?: string | undefined }) {
  const { t } = useStrings();
  return (
    <Suspense
      fallback={
        <Pane title={t('search.title')} heading={t('search.title')} back="/chats">
          <div data-waiting>
            <Wait>{t('search.opening')}</Wait>
          </div>
        </Pane>
      }
    >
      <SearchScreen cid={cid} />
    </Suspense>
  );
}

/** Ctrl+K leads to the search from wherever the person is, but not out of a question. */
export function SearchKey() {
  const go = useGo();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      // In alphabets without a K its place on the keyboard counts.
      const isLatin = /^[a-z]$/i.test(event.key);
      const isK = isLatin ? event.key.toLowerCase() === 'k' : event.code === 'KeyK';
      if (!isK || event.ctrlKey === event.metaKey || event.altKey || event.shiftKey) return;
      if (document.querySelector('[role=dialog], [role=alertdialog]')) return;
      event.preventDefault();
      go('/search');
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [go]);
  useEffect(() => forgetFilter, []);
  return null;
}
