/** Letters of other scripts, and digits, that look like a Latin letter. */
const twins: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'aаαɑ',
    'bЬв',
    'cсϲ',
    'dԁ',
    'eеєε',
    'gɡ',
    'hһн',
    'iіıι',
    'jј',
    'kкκ',
    'lІӏ1|',
    'mм',
    'nпη',
    'oоο0о',
    'pрρ',
    'qԛ',
    'rг',
    'sѕ5',
    'tтτ',
    'uυц',
    'vνѵ',
    'wԝω',
    'xхχ',
    'yуγ',
    'zᴢ2',
  ].flatMap(([latin = '', ...others]) => others.map((other) => [other, latin])),
);

/**
 * What a name looks like at a glance: equal for names that a hurried reader
 * would take for the same ("Red Cross", "RED CR0SS", "Rеd  Cross").
 */
export function lookOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{Mark}|\p{Default_Ignorable_Code_Point}/gu, '');
  return [...plain.toLocaleLowerCase('en')]
    .map((letter) => twins[letter] ?? letter)
    .join('')
    .replace(/rn/gu, 'm')
    .replace(/vv/gu, 'w')
    .replace(/i/gu, 'l')
    .replace(/[\s\p{Punctuation}]+/gu, '');
}
