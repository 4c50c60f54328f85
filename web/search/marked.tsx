import { excerptOf } from '#client/search/excerpt.ts';
import styles from './search.module.css';

/** Characters of a text that a hit shows: three lines of a phone. */
const shownLength = 160;

/** A piece of a text with the words that were found marked. */
export function Marked({ words, children }: { words: readonly string[]; children: string }) {
  const { text, marks, isCutBefore, isCutAfter } = excerptOf(children, words, shownLength);
  return (
    <bdi className={styles.excerpt}>
      {isCutBefore ? '… ' : null}
      {marks.map(({ from, to }, at) => (
        <span key={from}>
          {text.slice(marks[at - 1]?.to ?? 0, from)}
          <mark>{text.slice(from, to)}</mark>
        </span>
      ))}
      {text.slice(marks.at(-1)?.to ?? 0)}
      {isCutAfter ? ' …' : null}
    </bdi>
  );
}
