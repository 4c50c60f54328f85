type Point = readonly number[];

/** An SVG path through points; `isRound` bends it as the drawing program does. */
export function pathThrough(points: readonly Point[], isRound: boolean): string {
  const [first = [0, 0], ...rest] = points;
  // A tap leaves a dot: a line of no length with round ends.
  if (rest.length === 0) return `M${at(first)}l0 0`;
  if (!isRound || rest.length < 2) return `M${at(first)}${rest.map((to) => `L${at(to)}`).join('')}`;
  return `M${at(first)}${rest.map((to, i) => bend(points, i, to)).join('')}`;
}

/** The two sides of an arrow's head at the end of a line, as a path. */
export function arrowhead(points: readonly Point[], strokeWidth: number): string {
  const end = points.at(-1);
  const before = points.findLast((point) => end !== undefined && distance(point, end) > 1);
  if (!end || !before) return '';
  const length = Math.min(12 + 4 * strokeWidth, distance(before, end) / 2);
  const angle = Math.atan2(y(end) - y(before), x(end) - x(before));
  const side = (turn: number) => [
    x(end) - length * Math.cos(angle + turn),
    y(end) - length * Math.sin(angle + turn),
  ];
  return `M${at(side(0.4))}L${at(end)}L${at(side(-0.4))}`;
}

/** One stretch of a Catmull-Rom curve as a Bézier curve. */
function bend(points: readonly Point[], i: number, to: Point): string {
  const from = points[i] ?? to;
  const [previous, next] = [points[i - 1] ?? from, points[i + 2] ?? to];
  const c1 = [x(from) + (x(to) - x(previous)) / 6, y(from) + (y(to) - y(previous)) / 6];
  const c2 = [x(to) - (x(next) - x(from)) / 6, y(to) - (y(next) - y(from)) / 6];
  return `C${at(c1)} ${at(c2)} ${at(to)}`;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(x(a) - x(b), y(a) - y(b));
}

function at(point: Point): string {
  return `${rounded(x(point))} ${rounded(y(point))}`;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function x([value = 0]: Point): number {
  return value;
}

function y([, value = 0]: Point): number {
  return value;
}
