import { useSyncExternalStore } from 'react';

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = matchMedia(query);
      media.addEventListener('change', changed);
      return () => media.removeEventListener('change', changed);
    },
    () => matchMedia(query).matches,
  );
}

/** Room for a list beside the main pane (900 px). */
export function useWide(): boolean {
  return useMedia('(min-width: 900px)');
}

/** Room for a third pane with details (1100 px). */
export function useVeryWide(): boolean {
  return useMedia('(min-width: 1100px)');
}
