import { useSyncExternalStore } from 'react';

const drafts = new Map<string, string>();
const listeners = new Set<() => void>();

/** Unsent text of a conversation. In memory only: what is not sent is not stored. */
export function useDraft(cid: string): [string, (text: string) => void] {
  const text = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => drafts.get(cid) ?? '',
  );
  return [text, (next) => keep(cid, next)];
}

function keep(cid: string, text: string): void {
  if (text === '') drafts.delete(cid);
  else drafts.set(cid, text);
  for (const listener of listeners) listener();
}
