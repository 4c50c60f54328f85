import type { PartyView } from '#client/model.ts';
import { cleanName } from './clean-name.ts';
import styles from './party.module.css';
import { segments } from './ring-geometry.ts';
import { partyColours, tokenOf } from './slot.ts';

/**
 * The table: one equal segment for each party, nobody at the head. A segment
 * is filled for a party that has done what is asked, dashed for one that has
 * not, and crossed for one that said no. `label` says the whole picture in words; absent, the picture is decoration.
 */
export function TableRing({
  parties,
  isDone,
  isAgainst = () => false,
  label,
  big,
  small,
  size = 130,
}: {
  parties: readonly PartyView[];
  isDone: (slot: number) => boolean;
  isAgainst?: (slot: number) => boolean;
  label?: string;
  big?: string;
  small?: string;
  size?: number;
}) {
  const isTiny = size < 60;
  const shapes = segments(parties.length, isTiny ? 70 : 64, 97, isTiny ? 9 : 5);
  return (
    <span className={styles.ring} style={{ inlineSize: size }}>
      <svg
        viewBox="0 0 200 200"
        width={size}
        height={size}
        {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
      >
        {parties.map((party, at) => {
          const shape = shapes[at];
          if (!shape) return null;
          const done = isDone(party.slot);
          const against = !done && isAgainst(party.slot);
          const fill = done ? { fill: `url(#party-${tokenOf(party.slot)})` } : {};
          return (
            <g key={party.slot} style={partyColours(party.slot)}>
              <path d={shape.path} className={outlineOf(done, against)} {...fill} />
              {isTiny ? null : (
                <>
                  {done ? (
                    <rect
                      x={shape.x - 14}
                      y={shape.y - 14}
                      width="28"
                      height="28"
                      rx="7"
                      className={styles.plate}
                    />
                  ) : null}
                  <text x={shape.x} y={against ? shape.y - 9 : shape.y} className={styles.letter}>
                    {cleanName(party.code)}
                  </text>
                  {against ? (
                    <path
                      d={`M${shape.x - 6} ${shape.y + 5}l12 12m0-12l-12 12`}
                      className={styles.cross}
                    />
                  ) : null}
                </>
              )}
            </g>
          );
        })}
      </svg>
      {big ? (
        <span className={styles.middle} aria-hidden>
          <b>{big}</b>
          {small ? <span>{small}</span> : null}
        </span>
      ) : null}
    </span>
  );
}

function outlineOf(done: boolean, against: boolean): string | undefined {
  if (done) return undefined;
  return against ? styles.no : styles.waiting;
}
