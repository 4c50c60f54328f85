import { useEffect } from 'react';
import { useStrings } from '../language/i18n.ts';
import { useView } from './client-context.tsx';

/** Titles the page "{screen} · Parley", with the number of unread messages in front. */
export function useTitle(screen: string): void {
  const { t } = useStrings();
  const unread = (useView().mission?.conversations ?? []).reduce(
    (sum, { unread }) => sum + unread,
    0,
  );
  const name = t('app.name');
  useEffect(() => {
    const words = screen === name ? name : `${screen} · ${name}`;
    document.title = unread > 0 ? `(${unread}) ${words}` : words;
  }, [screen, name, unread]);
}
