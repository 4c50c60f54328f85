import { useSyncExternalStore } from 'react';
import { usePreferences } from '../session/preferences.ts';

const query = '(prefers-color-scheme: dark)';

/** True where this device shows Parley dark. */
export function useDark(): boolean {
  const { theme } = usePreferences();
  const isDeviceDark = useSyncExternalStore(
    (changed) => {
      const media = matchMedia(query);
      media.addEventListener('change', changed);
      return () => media.removeEventListener('change', changed);
    },
    () => matchMedia(query).matches,
  );
  return theme === 'device' ? isDeviceDark : theme === 'dark';
}
