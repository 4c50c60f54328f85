import { memo, type Ref } from 'react';
import { arrowhead, pathThrough } from './path.ts';
import { extentOf, middleOf, type Shape } from './shape.ts';

/** Colours as the drawing program has them on its light ground. */
const ink = '#1e1e1e';
const paper = '#ffffff';
const frame = '#bbbbbb';

/** A whole board as one picture, on white in every theme since its colours were chosen on white. */
export const BoardPicture = memo(function BoardPicture({
  shapes,
  label,
  ref,
}: {
  shapes: readonly Shape[];
  label: string;
  ref?: Ref<SVGSVGElement>;
}) {
  const { height, width, x, y } = extentOf(shapes);
  return (
    <svg
      ref={ref}
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`${x} ${y} ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={label}
    >
      <rect x={x} y={y} width={width} height={height} fill={paper} />
      {shapes.map((shape) => (
        <Drawn key={shape.id} shape={shape} />
      ))}
    </svg>
  );
});

function Drawn({ shape }: { shape: Shape }) {
  const { angle = 0, opacity = 100 } = shape;
  const [mx, my] = middleOf(shape);
  const turn = angle === 0 ? {} : { transform: `rotate(${(angle * 180) / Math.PI} ${mx} ${my})` };
  return (
    <g opacity={opacity / 100} {...turn}>
      <Figure shape={shape} />
    </g>
  );
}

function Figure({ shape }: { shape: Shape }) {
  switch (shape.type) {
    case 'rectangle':
    case 'diamond':
    case 'ellipse':
      return <Closed shape={shape} />;
    case 'line':
    case 'arrow':
    case 'freedraw':
      return <Stroke shape={shape} />;
    case 'text':
      return <Words shape={shape} />;
    case 'frame':
      return <Frame shape={shape} />;
  }
}

function Closed({ shape }: { shape: Shape }) {
  const { height, roundness, type, width, x, y } = shape;
  const look = { ...lineOf(shape), fill: fillOf(shape) };
  const [mx, my] = [x + width / 2, y + height / 2];
  if (type === 'ellipse')
    return <ellipse cx={mx} cy={my} rx={width / 2} ry={height / 2} {...look} />;
  if (type === 'diamond') {
    return <path d={`M${mx} ${y}L${x + width} ${my}L${mx} ${y + height}L${x} ${my}Z`} {...look} />;
  }
  const rx = roundness ? Math.min(32, Math.min(width, height) / 4) : 0;
  return <rect x={x} y={y} width={width} height={height} rx={rx} {...look} />;
}

function Stroke({ shape }: { shape: Shape }) {
  const { endArrowhead, points = [], roundness, startArrowhead, strokeWidth = 2, type } = shape;
  const isClosed = type === 'line' && isSame(points[0], points.at(-1)) && points.length > 2;
  const d = pathThrough(points, type === 'freedraw' || Boolean(roundness));
  const heads = [
    endArrowhead ? arrowhead(points, strokeWidth) : '',
    startArrowhead ? arrowhead([...points].reverse(), strokeWidth) : '',
  ].join('');
  return (
    <g transform={`translate(${shape.x} ${shape.y})`} {...lineOf(shape)} fill="none">
      <path d={d} fill={isClosed ? fillOf(shape) : 'none'} />
      {heads === '' ? null : <path d={heads} strokeDasharray="none" />}
    </g>
  );
}

function Words({ shape }: { shape: Shape }) {
  const { fontFamily, fontSize = 20, lineHeight = 1.25, text = '', textAlign, width, x, y } = shape;
  const anchor = { center: 'middle', right: 'end' }[textAlign ?? ''] ?? 'start';
  const from = { middle: x + width / 2, end: x + width, start: x }[anchor];
  return (
    <text
      fill={shape.strokeColor ?? ink}
      fontSize={fontSize}
      fontFamily={fontFamily === 3 ? 'monospace' : "'Rubik Variable', sans-serif"}
      textAnchor={anchor as 'start' | 'middle' | 'end'}
      xmlSpace="preserve"
    >
      {text.split('\n').map((line, at) => (
        <tspan key={at} x={from} y={y + fontSize * (lineHeight * at + 0.95)}>
          {line}
        </tspan>
      ))}
    </text>
  );
}

function Frame({ shape: { height, name, width, x, y } }: { shape: Shape }) {
  return (
    <>
      <rect
        x={x}
        y={y}
        width={width}
        height={height}
        rx={8}
        fill="none"
        stroke={frame}
        strokeWidth={2}
      />
      <text x={x} y={y - 6} fontSize={14} fill={ink} fontFamily="sans-serif">
        {name ?? ''}
      </text>
    </>
  );
}

function lineOf({ strokeColor = ink, strokeStyle, strokeWidth = 2 }: Shape) {
  const dash = { dashed: `${strokeWidth * 4} ${strokeWidth * 4}`, dotted: `1 ${strokeWidth * 3}` };
  return {
    stroke: strokeColor,
    strokeWidth,
    strokeLinecap: 'round' as const,
    strokeLinejoin: 'round' as const,
    strokeDasharray: dash[strokeStyle as keyof typeof dash],
  };
}

/** Hatched fills become a tint: the outline already tells the shapes apart. */
function fillOf({ backgroundColor }: Shape): string {
  return backgroundColor === undefined || backgroundColor === 'transparent'
    ? 'none'
    : backgroundColor;
}

function isSame(a: readonly number[] | undefined, b: readonly number[] | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    Math.hypot((a[0] ?? 0) - (b[0] ?? 0), (a[1] ?? 0) - (b[1] ?? 0)) < 1
  );
}
