import { useEffect, useState } from 'react';
import { takeJoinCode } from './arrival.ts';
import { useClient, useView } from './client-context.tsx';
import { useCommand } from './command.ts';
import { useGo } from './route.tsx';

/**
 * Hands join codes to the engine: the one the page was opened with, and each that
 * is opened later in this tab. Waits until the engine is ready to take one.
 */
export function ArrivalWatch({ first }: { first: string | undefined }) {
  const client = useClient();
  const { stage } = useView();
  const { run } = useCommand();
  const go = useGo();
  const [address, setAddress] = useState(first);
  useEffect(() => {
    const changed = () => {
      const taken = takeJoinCode(window);
      if (taken !== undefined) {
        setAddress(taken);
        go('/', { replace: true });
      }
    };
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, [go]);
  useEffect(() => {
    if (address === undefined || stage === 'starting' || stage === 'elsewhere') return;
    setAddress(undefined);
    void run(() => client.enter(address));
  }, [address, stage, client, run]);
  return null;
}
