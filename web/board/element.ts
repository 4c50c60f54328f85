/** What this program reads of an element; the engine has checked its form, the rest is for drawing. */
export interface DrawnElement {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly versionNonce: number;
  readonly isDeleted: boolean;
  /** Place in the pile, a fractional index. */
  readonly index?: string | null;
  readonly text?: string;
  /** The shape that a text stands in. */
  readonly containerId?: string | null;
}

/** An element out of the text that the engine hands over. */
export function readElement(json: string): DrawnElement {
  return JSON.parse(json) as DrawnElement;
}
