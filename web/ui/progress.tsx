import { useEffect, useRef } from 'react';
import { useAnnounce } from '../session/announcer.tsx';
import styles from './progress.module.css';

/** How far something is, in a bar and in words; every quarter is spoken by `says`. */
export function Progress({
  name,
  words,
  done,
  total,
  says,
}: {
  name: string;
  words: string;
  done: number;
  total: number;
  says?: (percent: number) => string;
}) {
  const announce = useAnnounce();
  const shown = total === 0 ? 100 : Math.min(100, Math.floor((done / total) * 100));
  const quarter = Math.floor(shown / 25) * 25;
  const said = useRef(quarter);
  useEffect(() => {
    if (quarter === said.current) return;
    said.current = quarter;
    if (says) announce(says(quarter));
  }, [quarter, says, announce]);
  return (
    <div
      className={styles.progress}
      role="progressbar"
      aria-label={name}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={shown}
      aria-valuetext={words}
    >
      <span>{words}</span>
      <span className={styles.track}>
        <span className={styles.done} style={{ inlineSize: `${shown}%` }} />
      </span>
    </div>
  );
}
