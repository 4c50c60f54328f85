import type { ReactNode } from 'react';
import styles from './party.module.css';

const light = { fill: 'none', stroke: '#fff', strokeOpacity: 0.38, strokeWidth: 1.8 };
const dark = { fill: 'none', stroke: '#141C26', strokeOpacity: 0.32, strokeWidth: 1.8 };

/** What lies over the colour of each slot, so that colour is never alone; slot 1 is solid. */
const marks: readonly ReactNode[] = [
  null,
  <path key="stripe" d="M-2 2 2-2M0 10 10 0M8 12l4-4" {...light} />,
  <circle key="dots" cx="5" cy="5" r="1.6" fill="#fff" fillOpacity=".45" />,
  <path key="bars" d="M0 5h10" {...dark} />,
  <path key="grid" d="M0 5h10M5 0v10" {...dark} />,
  <circle key="rings" cx="5" cy="5" r="3" {...light} />,
  <path key="chevron" d="m0 7 5-5 5 5" {...dark} />,
  <path key="check" d="M0 0h5v5H0zM5 5h5v5H5z" fill="#fff" fillOpacity=".26" />,
  <path key="half" d="M0 0h10v5H0z" fill="#fff" fillOpacity=".24" />,
  <path key="cross" d="m2 2 6 6M8 2 2 8" {...dark} />,
  <path key="diamond" d="m5 1 4 4-4 4-4-4z" {...light} />,
  <path key="corner" d="M2 8V2h6" {...dark} />,
];

/** Defines the party patterns `#party-1`…`#party-12`; put it once on the page. */
export function PartyPatterns() {
  return (
    <svg width="0" height="0" className={styles.hidden} aria-hidden>
      <defs>
        {marks.map((mark, at) => (
          <pattern
            key={at}
            id={`party-${at + 1}`}
            width="10"
            height="10"
            patternUnits="userSpaceOnUse"
          >
            <rect width="10" height="10" style={{ fill: `var(--p${at + 1})` }} />
            {mark}
          </pattern>
        ))}
      </defs>
    </svg>
  );
}
