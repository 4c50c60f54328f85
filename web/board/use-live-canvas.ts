import { useEffect, useRef, useState } from 'react';
import type { BoardView } from '#client/call-model.ts';
import { usePersonWords } from '../messaging/person-words.ts';
import { useClient, useMission } from '../session/client-context.tsx';
import { useCommand } from '../session/command.ts';
import { cleanName } from '../ui/party/clean-name.ts';
import { partyAt } from '../ui/party/slot.ts';
import { type DrawnElement, readElement } from './element.ts';
import type { Canvas } from './excalidraw.tsx';
import { Pencil } from './pencil.ts';

/** Milliseconds between two positions of one's own pointer. */
const pointEveryMs = 100;

/** Joins a drawing to its board: what others draw comes in, what is drawn here goes out. */
export function useLiveCanvas(board: BoardView) {
  const client = useClient();
  const { run } = useCommand();
  const [canvas, setCanvas] = useState<Canvas>();
  const [elements, setElements] = useState<readonly DrawnElement[]>([]);
  const [pencil] = useState(
    () => new Pencil((drawn) => void run(() => client.draw(board.id, drawn))),
  );
  useReceived(board, canvas, pencil);
  useOthers(board, canvas);
  useEffect(() => () => pencil.flush(), [pencil]);

  const pointedAt = useRef(0);
  return {
    canvas,
    elements,
    onReady: setCanvas,
    onChange: (drawn: readonly DrawnElement[]) => {
      setElements(drawn);
      pencil.drawn(drawn);
    },
    onPoint: (x: number, y: number) => {
      const now = performance.now();
      if (now - pointedAt.current < pointEveryMs) return;
      pointedAt.current = now;
      client.point(board.id, Math.round(x), Math.round(y));
    },
  };
}

function useReceived(board: BoardView, canvas: Canvas | undefined, pencil: Pencil): void {
  const taken = useRef(new Set<string>());
  useEffect(() => {
    if (!canvas) return;
    const fresh = board.elements.filter((json) => !taken.current.has(json));
    if (fresh.length === 0) return;
    for (const json of fresh) taken.current.add(json);
    const read = fresh.map(readElement);
    pencil.know(read);
    if (canvas.receive(read)) return;
    // One of them is well formed and still cannot be drawn; the others can.
    for (const one of read) canvas.receive([one]);
  }, [board.elements, canvas, pencil]);
}

function useOthers({ pointers }: BoardView, canvas: Canvas | undefined): void {
  const { parties } = useMission().charter;
  const personWords = usePersonWords(parties);
  useEffect(() => {
    canvas?.point(
      pointers.map(({ device, slot, x, y, ...person }) => {
        const code = cleanName(partyAt(parties, slot)?.code ?? '');
        return {
          device,
          name: `${code} • ${personWords({ ...person, slot })}`,
          x,
          y,
        };
      }),
    );
  }, [pointers, canvas, parties, personWords]);
}
