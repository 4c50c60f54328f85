/** A checked element of a board, as far as it is drawn. Form and limits: `#protocol/content/board-element.ts`. */
export interface Shape {
  id: string;
  type: 'rectangle' | 'diamond' | 'ellipse' | 'line' | 'arrow' | 'freedraw' | 'text' | 'frame';
  x: number;
  y: number;
  width: number;
  height: number;
  /** Radians, around the middle. */
  angle?: number;
  strokeColor?: string;
  backgroundColor?: string;
  strokeStyle?: string;
  strokeWidth?: number;
  opacity?: number;
  roundness?: object | null;
  points?: readonly (readonly number[])[];
  text?: string;
  name?: string | null;
  fontSize?: number;
  fontFamily?: number;
  lineHeight?: number;
  textAlign?: string;
  startArrowhead?: string | null;
  endArrowhead?: string | null;
}

/** A rectangle on the board. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Room around everything that is drawn. */
const margin = 24;

/** The shapes of a board's elements, in the order of drawing; with no negative sides, which SVG has not. */
export function shapesOf(elements: readonly string[]): Shape[] {
  return elements.map((text) => {
    const shape = JSON.parse(text) as Shape;
    const { height, width, x, y } = shape;
    if (shape.points || (width >= 0 && height >= 0)) return shape;
    const [left, top] = [Math.min(x, x + width), Math.min(y, y + height)];
    return { ...shape, x: left, y: top, width: Math.abs(width), height: Math.abs(height) };
  });
}

/** What a picture of the whole board must show. */
export function extentOf(shapes: readonly Shape[]): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const shape of shapes) {
    for (const [x, y] of cornersOf(shape)) {
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
  }
  if (left > right) return { x: 0, y: 0, width: 1, height: 1 };
  return {
    x: left - margin,
    y: top - margin,
    width: right - left + 2 * margin,
    height: bottom - top + 2 * margin,
  };
}

/** The middle around which a shape is turned. */
export function middleOf(shape: Shape): [x: number, y: number] {
  const { height, width, x, y } = boxOf(shape);
  return [x + width / 2, y + height / 2];
}

/** Lines begin at `x`, `y` and may go left and up from there. */
function boxOf({ height, points, width, x, y }: Shape): Box {
  if (!points || points.length === 0) return { x, y, width, height };
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [px = 0, py = 0] of points) {
    [left, right] = [Math.min(left, px), Math.max(right, px)];
    [top, bottom] = [Math.min(top, py), Math.max(bottom, py)];
  }
  return { x: x + left, y: y + top, width: right - left, height: bottom - top };
}

function cornersOf(shape: Shape): [number, number][] {
  const { height, width, x, y } = boxOf(shape);
  const [mx, my] = middleOf(shape);
  const [sin, cos] = [Math.sin(shape.angle ?? 0), Math.cos(shape.angle ?? 0)];
  const corners: [number, number][] = [
    [x, y],
    [x + width, y],
    [x, y + height],
    [x + width, y + height],
  ];
  return corners.map(([cx, cy]) => [
    mx + (cx - mx) * cos - (cy - my) * sin,
    my + (cx - mx) * sin + (cy - my) * cos,
  ]);
}
