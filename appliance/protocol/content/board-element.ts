/** An element of a drawing board whose form was checked: data to draw, nothing else. */
export interface BoardElement {
  id: string;
  /** Grows with each change of the element. */
  version: number;
  /** Random, new with each change; the lower one wins between equal versions. */
  versionNonce: number;
  isDeleted: boolean;
  /** Place in the order of drawing; a fractional index, compared as text. */
  index: string;
  /** The JSON text as its author wrote it. */
  text: string;
}

/** Longest JSON text of an element, in UTF-16 units: what a message and a signal can carry (R1). */
export const maxElementLength = 32_768;

/** Farthest coordinate and largest side: an element as large as the world hangs whoever draws it. */
const farthest = 2 ** 20;

type Check = (value: unknown) => boolean;

const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isCoordinate: Check = (value) => isNumber(value) && Math.abs(value as number) <= farthest;
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isFlag: Check = (value) => typeof value === 'boolean';
const isText: Check = (value) => typeof value === 'string';
const isName: Check = (value) => isText(value) && /^.{1,64}$/s.test(value as string);
/** Colours and styles: nothing in them can be an address. */
const isStyle: Check = (value) => isText(value) && /^[#\w(),.% -]{0,64}$/.test(value as string);
const isNull: Check = (value) => value === null;
const isObject: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isPoint: Check = (value) =>
  Array.isArray(value) && value.length >= 2 && value.length <= 3 && value.every(isCoordinate);
const within =
  (min: number, max: number): Check =>
  (value) =>
    isNumber(value) && (value as number) >= min && (value as number) <= max;
const either =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** Kinds that are only drawn. Images and embedded pages would load something. */
const kinds = new Set<unknown>([
  'rectangle',
  'diamond',
  'ellipse',
  'line',
  'arrow',
  'freedraw',
  'text',
  'frame',
]);

const required: Readonly<Record<string, Check>> = {
  id: isName,
  type: (value) => kinds.has(value),
  version: isCount,
  versionNonce: isCount,
  isDeleted: isFlag,
  x: isCoordinate,
  y: isCoordinate,
  width: isCoordinate,
  height: isCoordinate,
};

const optional: Readonly<Record<string, Check>> = {
  angle: within(-100, 100),
  strokeColor: isStyle,
  backgroundColor: isStyle,
  fillStyle: isStyle,
  strokeStyle: isStyle,
  strokeWidth: within(0, 1000),
  roughness: within(0, 100),
  opacity: within(0, 100),
  seed: isNumber,
  index: either(isNull, isName),
  groupIds: listOf(isName),
  frameId: either(isNull, isName),
  name: either(isNull, isText),
  boundElements: either(isNull, listOf(isObject)),
  roundness: either(isNull, isObject),
  locked: isFlag,
  // A link on a board would take whoever presses it out of the house.
  link: isNull,
  points: listOf(isPoint),
  pressures: listOf(isNumber),
  text: isText,
  originalText: isText,
  fontSize: within(0.1, 2000),
  fontFamily: isCount,
  lineHeight: within(0, 100),
  textAlign: isStyle,
  verticalAlign: isStyle,
  containerId: either(isNull, isName),
  startBinding: either(isNull, isObject),
  endBinding: either(isNull, isObject),
  lastCommittedPoint: either(isNull, isPoint),
  startArrowhead: either(isNull, isStyle),
  endArrowhead: either(isNull, isStyle),
};

/**
 * Reads an element of a board as somebody sent it; undefined if it is none that can be drawn
 * safely. Properties that are not known here stay in the text and mean nothing.
 */
export function readElement(text: string): BoardElement | undefined {
  if (text.length > maxElementLength) return undefined;
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(read)) return undefined;
  const element = read as Record<string, unknown>;
  const has = (key: string): boolean => Object.hasOwn(element, key);
  const isGood =
    Object.entries(required).every(([key, check]) => has(key) && check(element[key])) &&
    Object.entries(optional).every(([key, check]) => !has(key) || check(element[key]));
  // Lines without points cannot be drawn.
  const isLine =
    element['type'] === 'line' || element['type'] === 'arrow' || element['type'] === 'freedraw';
  if (!isGood || (isLine && !has('points')) || (element['type'] === 'text' && !has('text'))) {
    return undefined;
  }
  return {
    id: element['id'] as string,
    version: element['version'] as number,
    versionNonce: element['versionNonce'] as number,
    isDeleted: element['isDeleted'] as boolean,
    index: typeof element['index'] === 'string' ? element['index'] : '',
    text,
  };
}
