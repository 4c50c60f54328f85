import { renderUnicodeCompact } from 'uqr';

/**
 * A QR code as text, two rows of modules a line: blocks are light modules, so
 * it reads on a dark terminal. With `colours` it sets white on black itself and
 * reads on every terminal.
 */
export function qrText(text: string, colours: boolean): string {
  // Four modules of quiet zone are the standard; two read well from a screen and fit 24 lines.
  const drawn = renderUnicodeCompact(text, { ecc: 'L', border: 2 });
  if (!colours) return drawn;
  return drawn
    .split('\n')
    .map((line) => `\u001b[97;40m${line}\u001b[0m`)
    .join('\n');
}
