/** What this program needs to know of an element; the rest belongs to the drawing program. */
export interface DrawnElement {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly versionNonce: number;
  readonly isDeleted: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly text?: string;
  /** Place in the pile, a fractional index. */
  readonly index?: string | null;
  /** The shape that a text stands in. */
  readonly containerId?: string | null;
}

/**
 * Kinds that are taken from others. Not among them: pages and pictures, which could make
 * this browser ask for an address that a stranger chose.
 */
const kinds = new Set([
  'rectangle',
  'diamond',
  'ellipse',
  'arrow',
  'line',
  'freedraw',
  'text',
  'frame',
]);
/** Characters of one element; a larger one is there to freeze browsers. */
const longestElement = 262_144;
/** Points of one line. */
const mostPoints = 10_000;
/** Pixels from the middle; farther away, browsers cannot draw. */
const farthest = 1_000_000;

/** An element that somebody drew, or undefined if it must not reach the drawing program. */
export function readElement(json: string): DrawnElement | undefined {
  if (json.length > longestElement) return undefined;
  let read: unknown;
  try {
    read = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!isRecord(read)) return undefined;
  const { id, index, type, version, versionNonce, points, text } = read;
  if (typeof id !== 'string' || id === '' || id.length > 64) return undefined;
  if (typeof type !== 'string' || !kinds.has(type)) return undefined;
  if (index !== undefined && index !== null && typeof index !== 'string') return undefined;
  if (!isCount(version) || !isCount(versionNonce)) return undefined;
  if (![read['x'], read['y'], read['width'], read['height']].every(isPlace)) return undefined;
  if (points !== undefined && !arePoints(points)) return undefined;
  if ((type === 'line' || type === 'arrow' || type === 'freedraw') && points === undefined)
    return undefined;
  if (type === 'text' && typeof text !== 'string') return undefined;
  // A link of a stranger would lead out of the mission.
  return {
    ...read,
    link: null,
    customData: undefined,
    isDeleted: read['isDeleted'] === true,
  } as unknown as DrawnElement;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isPlace(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= farthest;
}

function arePoints(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length <= mostPoints &&
    value.every((point) => Array.isArray(point) && point.length >= 2 && point.every(isPlace))
  );
}
