import { createContext, useContext, useSyncExternalStore, type ReactNode } from 'react';
import type { ClientView, MessageView, MissionView, ParleyClient } from '#client/model.ts';

const ClientContext = createContext<ParleyClient | undefined>(undefined);

/** Gives the screens below it their engine. */
export function ClientProvider({
  client,
  children,
}: {
  client: ParleyClient;
  children: ReactNode;
}) {
  return <ClientContext value={client}>{children}</ClientContext>;
}

/** The engine; throws outside a `ClientProvider`, which is our own mistake. */
export function useClient(): ParleyClient {
  const client = useContext(ClientContext);
  if (!client) throw new Error('no ParleyClient above this component');
  return client;
}

/** The snapshot to draw; renders again after each change. */
export function useView(): ClientView {
  const client = useClient();
  return useSyncExternalStore(
    (changed) => client.subscribe(changed),
    () => client.view(),
  );
}

/** The mission of the snapshot, for screens that only exist within one. */
export function useMission(): MissionView {
  const { mission } = useView();
  if (!mission) throw new Error('a screen of the mission was drawn without one');
  return mission;
}

/** Messages of one conversation, oldest first. */
export function useMessages(cid: string): readonly MessageView[] {
  const client = useClient();
  return useSyncExternalStore(
    (changed) => client.subscribe(changed),
    () => client.messages(cid),
  );
}
