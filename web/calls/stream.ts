import { type RefObject, useEffect, useRef } from 'react';
import { useClient, useView } from '../session/client-context.tsx';

/** The browser's stream of a device in the call, if there is one now. */
export function useStream(device: string, kind: 'camera' | 'screen'): MediaStream | undefined {
  const client = useClient();
  // A stream may come or go with any change of the snapshot.
  useView();
  const last = useRef<MediaStream>(undefined);
  const given = client.stream(device, kind);
  const stream = given instanceof MediaStream ? given : undefined;
  // A new stream with the same tracks is the same to eyes and ears; starting again would flicker.
  return isSame(last.current, stream) ? last.current : (last.current = stream);
}

function isSame(one: MediaStream | undefined, other: MediaStream | undefined): boolean {
  const ids = (stream: MediaStream | undefined) =>
    stream
      ?.getTracks()
      .map(({ id }) => id)
      .sort()
      .join(' ');
  return ids(one) === ids(other);
}

/** An element that plays this stream; playing is asked for again when the stream changes. */
export function usePlayed<E extends HTMLMediaElement>(
  stream: MediaStream | undefined,
): RefObject<E | null> {
  const element = useRef<E>(null);
  useEffect(() => {
    const player = element.current;
    if (!player || player.srcObject === (stream ?? null)) return;
    player.srcObject = stream ?? null;
    // A browser may refuse to play before the first touch; the picture stays, the person acts.
    if (stream) player.play().catch(() => undefined);
  }, [stream]);
  return element;
}
