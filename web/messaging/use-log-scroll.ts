import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Nearer to the end than this counts as being at the end, in pixels. */
const nearPx = 80;

/**
 * Keeps a log at its newest line while the reader is there, and leaves it alone
 * while they read older ones. `isAway` says that newest is out of sight.
 * With `startsAway` it does not go to the newest line at first.
 */
export function useLogScroll(
  newest: string | undefined,
  startsAway: boolean,
): {
  scroller: RefObject<HTMLDivElement | null>;
  isAway: boolean;
  jump: () => void;
  onScroll: () => void;
} {
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(!startsAway);
  const [isAway, setAway] = useState(false);
  const jump = useCallback(() => {
    const box = scroller.current;
    if (box) box.scrollTop = box.scrollHeight;
    isAtEnd.current = true;
    setAway(false);
  }, []);
  const onScroll = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < nearPx;
    setAway(!isAtEnd.current);
  }, []);
  useLayoutEffect(() => {
    if (isAtEnd.current) jump();
  }, [newest, jump]);
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    // Keyboards and growing fields change the height; the newest line must stay in sight.
    const watch = new ResizeObserver(() => {
      if (isAtEnd.current) jump();
    });
    watch.observe(box);
    if (box.firstElementChild) watch.observe(box.firstElementChild);
    return () => watch.disconnect();
  }, [jump]);
  return { scroller, isAway, jump, onScroll };
}
