import { type ReactNode, useEffect, useRef, useState } from 'react';
import button from '../ui/button.module.css';
import styles from './founding.module.css';

/** How long a finger or key must stay down; the style's transition is as long. */
const holdMs = 1000;

/**
 * A button for what cannot be taken back: held for a second, by finger, mouse,
 * Space or Enter. While `isReady` a plain press is enough, since it was confirmed otherwise.
 */
export function HoldButton({
  children,
  isReady,
  isDisabled,
  onDone,
}: {
  children: ReactNode;
  isReady: boolean;
  isDisabled: boolean;
  onDone: () => void;
}) {
  const [isHeld, setHeld] = useState(false);
  const done = useRef(onDone);
  done.current = onDone;
  useEffect(() => {
    if (!isHeld) return;
    const timer = setTimeout(() => {
      setHeld(false);
      done.current();
    }, holdMs);
    return () => clearTimeout(timer);
  }, [isHeld]);
  const release = () => setHeld(false);
  const isKey = (key: string) => key === ' ' || key === 'Enter';
  return (
    <button
      type="button"
      className={[button.button, button.primary, styles.hold, isHeld ? styles.holding : ''].join(
        ' ',
      )}
      aria-disabled={isDisabled}
      onPointerDown={() => setHeld(!isDisabled && !isReady)}
      onPointerUp={release}
      onPointerLeave={release}
      onPointerCancel={release}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (isKey(event.key) && !event.repeat) setHeld(!isDisabled && !isReady);
      }}
      onKeyUp={(event) => {
        if (isKey(event.key)) release();
      }}
      onBlur={release}
      onClick={() => {
        if (isReady && !isDisabled) onDone();
      }}
    >
      <span aria-hidden />
      <span>{children}</span>
    </button>
  );
}
