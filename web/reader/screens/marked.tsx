import { hitsIn } from '../record/search.ts';
import styles from './entry.module.css';

/** A text with what was looked for marked. */
export function Marked({ query, children }: { query: string; children: string }) {
  const hits = hitsIn(children, query);
  return (
    <>
      {hits.map(({ from, to }, at) => (
        <span key={from}>
          {children.slice(hits[at - 1]?.to ?? 0, from)}
          <mark className={styles.mark}>{children.slice(from, to)}</mark>
        </span>
      ))}
      {children.slice(hits.at(-1)?.to ?? 0)}
    </>
  );
}
