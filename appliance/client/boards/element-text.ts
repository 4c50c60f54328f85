import { utf8 } from '#protocol/codec/bytes.ts';
import { encode } from '#protocol/codec/canonical-json.ts';
import {
  maxElementLength,
  readElement,
  type BoardElement,
} from '#protocol/content/board-element.ts';
import { problem } from '../problem.ts';

/** Digits after the point: a stroke is drawn to a hundredth of a pixel, other numbers finer. */
const strokePlaces = 100;
const otherPlaces = 10_000;

/**
 * A drawn element as it goes out: without needless digits, links or private notes. Throws
 * `BOARD_STROKE_TOO_LONG` or `BOARD_UNSUPPORTED`.
 */
export function writtenElement(text: string): BoardElement {
  const written = shortened(text);
  if (written === undefined) throw problem('BOARD_UNSUPPORTED');
  if (written.length > maxElementLength || carriedBytes(written) > mostCarriedBytes) {
    throw problem('BOARD_STROKE_TOO_LONG');
  }
  const element = readElement(written);
  if (!element) throw problem('BOARD_UNSUPPORTED');
  return element;
}

/** Bytes of an element inside a message or signal, whose own frame takes the rest of the 40 960. */
export function carriedBytes(text: string): number {
  return utf8(encode(text)).length;
}

/** What one message or signal carries beside its frame. */
const mostCarriedBytes = 38_000;

function shortened(text: string): string | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return undefined;
  const { customData: _, ...element } = read as Record<string, unknown>;
  const strokes = { points: element['points'], pressures: element['pressures'] };
  return JSON.stringify({
    ...(rounded(element, otherPlaces) as object),
    ...(rounded(strokes, strokePlaces) as object),
    link: null,
  });
}

function rounded(value: unknown, places: number): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, one: unknown) =>
      typeof one === 'number' ? Math.round(one * places) / places : one,
    ),
  );
}
