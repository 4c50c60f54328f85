/** First and last byte, both included (RFC 9110 §14.1.2). */
export interface ByteRange {
  from: number;
  to: number;
}

/** `bytes a-b/total` of a PUT; undefined for any other form, and for a range outside the total. */
export function readContentRange(
  text: string | undefined,
): (ByteRange & { total: number }) | undefined {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(text ?? '');
  if (!match) return undefined;
  const [from = 0, to = 0, total = 0] = match.slice(1).map(Number);
  return from <= to && to < total ? { from, to, total } : undefined;
}

/**
 * `bytes=a-b` or `bytes=a-` of a GET, cut at the end of the file: the whole file without
 * one, undefined for any other form and for a beginning outside the file.
 */
export function readRange(text: string | undefined, size: number): ByteRange | undefined {
  if (text === undefined) return { from: 0, to: size - 1 };
  const match = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(text);
  if (!match) return undefined;
  const from = Number(match[1]);
  const to = Math.min(Number(match[2] ?? size), size - 1);
  return from <= to ? { from, to } : undefined;
}
