/** Controls, bidi controls, invisible and private-use characters, line breaks. */
const hidden =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB\u{E0000}-\u{E007F}\uE000-\uF8FF]/gu;

/**
 * A name as it may be shown: characters that hide or reorder text become a
 * visible box (U+25A1). Joiners stay, since Arabic and emoji need them.
 */
export function cleanName(name: string): string {
  return name.replace(hidden, '□');
}
