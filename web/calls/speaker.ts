import { useSyncExternalStore } from 'react';

let chosen = '';
const listeners = new Set<() => void>();

/** Plays calls on the output with this id from now on; until the page is closed. */
export function chooseSpeaker(sinkId: string): void {
  chosen = sinkId;
  for (const listener of listeners) listener();
}

/** Id of the chosen output, '' for the usual one. */
export function useSpeaker(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => chosen,
  );
}
