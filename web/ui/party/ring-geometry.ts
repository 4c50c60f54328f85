/** One segment of the table: its outline and where its letter stands. */
export interface Segment {
  /** SVG path in a box of 200 by 200. */
  readonly path: string;
  readonly x: number;
  readonly y: number;
}

const centre = 100;

function point(radius: number, angle: number): string {
  return `${at(centre + radius * Math.sin(angle))} ${at(centre - radius * Math.cos(angle))}`;
}

function at(value: number): number {
  return Math.round(value * 10) / 10;
}

/**
 * Equal segments of a ring, the first in the middle at the top, then clockwise.
 * `gap` is the distance between two segments, so that it is the same inside and out.
 */
export function segments(count: number, inner: number, outer = 97, gap = 5): readonly Segment[] {
  const turn = (2 * Math.PI) / count;
  return Array.from({ length: count }, (_, n) => {
    const middle = n * turn;
    const from = (radius: number) => middle - turn / 2 + gap / 2 / radius;
    const to = (radius: number) => middle + turn / 2 - gap / 2 / radius;
    const isLong = turn > Math.PI ? 1 : 0;
    const radius = (inner + outer) / 2;
    return {
      path: [
        `M${point(outer, from(outer))}`,
        `A${outer} ${outer} 0 ${isLong} 1 ${point(outer, to(outer))}`,
        `L${point(inner, to(inner))}`,
        `A${inner} ${inner} 0 ${isLong} 0 ${point(inner, from(inner))}Z`,
      ].join(''),
      x: at(centre + radius * Math.sin(middle)),
      y: at(centre - radius * Math.cos(middle)),
    };
  });
}
