import { H } from '../codec/hash.ts';
import { toB64u } from '../codec/text-form.ts';
import { readElement, type BoardElement } from './board-element.ts';

/** A visible `board` message: its place in the order, and what it says. */
export interface BoardBatch {
  l: number;
  sid: string;
  /** As the message has them; what is no element is passed over. */
  ops: readonly Readonly<Record<string, unknown>>[];
}

/** An element with the place of the message that brought it. */
export interface PlacedElement extends BoardElement {
  l: number;
  sid: string;
}

/** What is on a board, by id of the element; deleted ones are in it, so that they stay deleted. */
export type Picture = Map<string, PlacedElement>;

/**
 * The board of a conversation: the same name for everybody, also for two who begin to draw
 * while neither hears of the other. b64u, 16 bytes.
 */
export function boardOf(cid: string): string {
  return toB64u(H('board', cid).subarray(0, 16));
}

/** What is on a board after these messages; their order makes no difference. */
export function foldBoard(batches: Iterable<BoardBatch>): Picture {
  const picture: Picture = new Map();
  for (const batch of batches) addBatch(picture, batch);
  return picture;
}

/** Draws one more message into a picture. */
export function addBatch(picture: Picture, { l, sid, ops }: BoardBatch): void {
  for (const { e } of ops) {
    const element = typeof e === 'string' ? readElement(e) : undefined;
    if (element) addElement(picture, { ...element, l, sid });
  }
}

/** Draws one element into a picture, unless it shows a newer one; whether it was drawn. */
export function addElement(picture: Picture, element: PlacedElement): boolean {
  const known = picture.get(element.id);
  if (known && !isNewer(element, known)) return false;
  picture.set(element.id, element);
  return true;
}

/**
 * Whether `a` replaces `b`: the higher version, then the lower nonce (Excalidraw's rule), then the
 * higher (l, sid); two in one message by their text. So every device ends with the same picture.
 */
export function isNewer(a: PlacedElement, b: PlacedElement): boolean {
  if (a.version !== b.version) return a.version > b.version;
  if (a.versionNonce !== b.versionNonce) return a.versionNonce < b.versionNonce;
  if (a.l !== b.l) return a.l > b.l;
  if (a.sid !== b.sid) return a.sid > b.sid;
  return a.text > b.text;
}

/** Elements in the order in which they are drawn. */
export function drawn(picture: Picture): readonly PlacedElement[] {
  return [...picture.values()].sort((a, b) =>
    a.index === b.index ? (a.id < b.id ? -1 : 1) : a.index < b.index ? -1 : 1,
  );
}
