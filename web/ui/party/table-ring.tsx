import type { PartyView } from '#client/model.ts';
import { cleanName } from './clean-name.ts';
import styles from './party.module.css';
import { segments } from './ring-geometry.ts';
import { partyColours, tokenOf } from './slot.ts';

/**
 * The table: one equal segment for each party, nobody at the head. A segment
 * is filled for a party that has done what is asked and dashed for one that has
 * not. `label` says the whole picture in words; absent, the picture is decoration.
 */
export function TableRing({
  parties,
  isDone,
  label,
  big,
  small,
  size = 130,
}: {
  parties: readonly PartyView[];
  isDone: (slot: number) => boolean;
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
          const fill = done ? { fill: `url(#party-${tokenOf(party.slot)})` } : {};
          return (
            <g key={party.slot} style={partyColours(party.slot)}>
              <path d={shape.path} className={done ? undefined : styles.waiting} {...fill} />
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
                  <text x={shape.x} y={shape.y} className={styles.letter}>
                    {cleanName(party.code)}
                  </text>
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
