import { createContext, useContext, useSyncExternalStore } from 'react';
import type { ReaderSession, ReaderView } from '../record/session.ts';

/** The session that all screens show. */
export const SessionContext = createContext<ReaderSession | undefined>(undefined);

/** The session: what a person can do. Throws outside of the reader. */
export function useSession(): ReaderSession {
  const session = useContext(SessionContext);
  if (!session) throw new Error('a screen of the reader stands outside of it');
  return session;
}

/** What there is to see; renders again when it changes. */
export function useReaderView(): ReaderView {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, session.view);
}
