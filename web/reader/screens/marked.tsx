import { hitsIn } from '../record/search.ts';
import styles from './entry.module.css';

/** A text with what was looked for marked. */
export function Marked({ query, children }: { query: string; children: string }) {
  const hits = hitsIn(children, query);
  let end = 0;
  return (
    <>
      {hits.map(({ from, to }) => {
        const before = children.slice(end, from);
        end = to;
        return (
          <span key={from}>
            {before}
            <mark className={styles.mark}>{children.slice(from, to)}</mark>
          </span>
        );
      })}
      {children.slice(end)}
    </>
  );
}
