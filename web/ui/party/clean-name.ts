/**
 * Controls, format characters (bidi controls among them), line breaks, private
 * use, and the fillers that look like nothing. Not the joiners U+200C and U+200D.
 */
const hidden =
  /(?![\u200C\u200D])(?:\p{Control}|\p{Format}|\p{Private_Use}|\p{Line_Separator}|\p{Paragraph_Separator}|\u115F|\u1160|\u3164|\uFFA0)/gu;

/**
 * A name as it may be shown: characters that hide or reorder text become a
 * visible box (U+25A1). Joiners stay, since Arabic and emoji need them.
 */
export function cleanName(name: string): string {
  return name.replace(hidden, '□');
}
