/** Profile of a conversation: title and description, as a vCard 4.0 holds them (RFC 6350). */
export interface Profile {
  title: string;
  description: string;
}

/** Octets after which a content line is folded (RFC 6350 §3.2). */
const lineOctets = 75;

/** The vCard text of a profile: FN and NOTE, folded, CRLF line ends. */
export function writeVcard({ title, description }: Profile): string {
  const note = description === '' ? [] : [`NOTE:${escaped(description)}`];
  const lines = ['BEGIN:VCARD', 'VERSION:4.0', 'KIND:group', `FN:${escaped(title)}`, ...note];
  return [...lines, 'END:VCARD'].map((line) => `${folded(line)}\r\n`).join('');
}

/** Reads any vCard 4.0; undefined if it is none or has no FN. Unknown properties are passed over. */
export function readVcard(text: string): Profile | undefined {
  const lines = text.replaceAll(/\r?\n[ \t]/g, '').split(/\r?\n/);
  if (lines[0]?.toUpperCase() !== 'BEGIN:VCARD') return undefined;
  if (lines[1]?.toUpperCase() !== 'VERSION:4.0') return undefined;
  const title = valueOf(lines, 'FN');
  if (title === undefined) return undefined;
  return { title, description: valueOf(lines, 'NOTE') ?? '' };
}

function valueOf(lines: readonly string[], name: string): string | undefined {
  // A property may carry a group and parameters: `g1.FN;LANGUAGE=en:…`.
  const form = new RegExp(
    `^(?:[A-Za-z0-9-]+\\.)?${name}(?:;[^:"]*(?:"[^"]*"[^:"]*)*)?:(.*)$`,
    'is',
  );
  for (const line of lines) {
    const found = form.exec(line);
    if (found) return plain(found[1] ?? '');
  }
  return undefined;
}

function escaped(value: string): string {
  return value.replaceAll(/[\\,;]/g, '\\$&').replaceAll(/\r\n|\r|\n/g, '\\n');
}

function plain(value: string): string {
  return value.replaceAll(/\\([\\,;nN])/g, (_, mark: string) =>
    mark.toLowerCase() === 'n' ? '\n' : mark,
  );
}

function folded(line: string): string {
  const encoder = new TextEncoder();
  const rows: string[] = [];
  let row = '';
  let octets = 0;
  for (const character of line) {
    const size = encoder.encode(character).length;
    if (octets + size > lineOctets) {
      rows.push(row);
      row = ' ';
      octets = 1;
    }
    row += character;
    octets += size;
  }
  return [...rows, row].join('\r\n');
}
