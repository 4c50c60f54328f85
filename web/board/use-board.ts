import { useEffect, useState, useSyncExternalStore } from 'react';
import type { BoardView } from '#client/call-model.ts';
import { useClient } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';

/** The board of a conversation, live from now until the screen is left. */
export function useBoard(cid: string) {
  const client = useClient();
  const { run, problem } = useCommand({ here: true });
  const closing = useCommand();
  const runLast = closing.run;
  const [id, setId] = useState<string>();
  useEffect(() => {
    let opened: string | undefined;
    let isLeft = false;
    void run(async () => {
      opened = await client.openBoard(cid);
      if (isLeft) await client.closeBoard(opened);
      else setId(opened);
    });
    return () => {
      isLeft = true;
      // After the canvas, which hands over its last strokes in the same moment.
      queueMicrotask(() => {
        if (opened !== undefined) void runLast(() => client.closeBoard(opened as string));
      });
    };
  }, [cid, client, run, runLast]);
  const board = useSyncExternalStore(
    (changed) => client.subscribe(changed),
    (): BoardView | undefined => (id === undefined ? undefined : client.board(id)),
  );
  return { board, problem };
}
