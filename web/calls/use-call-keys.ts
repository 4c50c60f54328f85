import { useEffect } from 'react';
import type { CallView } from '#client/call-model.ts';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { usePreferences } from '../session/preferences.ts';
import { canShareScreen } from './devices.ts';

/** M, V and S switch microphone, camera and screen, but never while somebody writes. */
export function useCallKeys({ microphone, camera, screen }: CallView): void {
  const client = useClient();
  const { run } = useCommand();
  const { singleKeys } = usePreferences();
  useEffect(() => {
    if (!singleKeys) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      const target = event.target instanceof Element ? event.target : undefined;
      if (target?.closest('input, textarea, select, [contenteditable], [role=menu]')) return;
      // The place on the keyboard counts: another alphabet has the same three keys.
      const command = {
        KeyM: () => client.setMicrophone(!microphone),
        KeyV: () => client.setCamera(!camera),
        KeyS: () => (canShareScreen() ? client.setScreen(!screen) : Promise.resolve()),
      }[event.code];
      if (!command) return;
      event.preventDefault();
      void run(command);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [singleKeys, microphone, camera, screen, client, run]);
}
