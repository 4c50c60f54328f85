import { keysText, readKeys, type PersonKeys } from '#protocol/archive/person-keys.ts';
import { openKeyFile, sealKeyFile } from '#protocol/archive/key-file.ts';
import { fromUtf8, utf8 } from '#protocol/codec/bytes.ts';
import { decode, encode } from '#protocol/codec/canonical-json.ts';
import { toB32 } from '#protocol/codec/text-form.ts';
import { bendJson } from '../support/fuzz/bend-json.ts';
import { mustBeSame, type Target } from '../support/fuzz/target.ts';
import { seedOf } from '../support/people.ts';
import { seededEngine } from '../support/protocol-ports.ts';

const keys: PersonKeys = {
  cid: toB32(seedOf('mission')),
  code: 'R',
  epochs: [{ cid: toB32(seedOf('room')), eid: 'c'.repeat(32), key: seedOf('epoch') }],
  member: seedOf('member'),
  inbox: seedOf('inbox'),
  mission: 'Flood response',
  name: 'Alice',
  names: '{"name":"Flood response"}',
  pfp: toB32(seedOf('p')),
  party: seedOf('party'),
};

/**
 * Key files, opened with the card since a passphrase takes a third of a second; and the keys inside
 * one, which begin with another letter.
 */
export const target: Target = {
  samples: async () => [
    utf8(await sealKeyFile(seededEngine('file'), keys, 'nine ways')),
    utf8(keysText(keys)),
  ],
  words: ['"slots":[', '"t":"card"', '"t":"passphrase"', '"body":', '"epochs":[', '"party":'],
  bend: (input, random) => {
    const decoded = decode(input, 2 ** 20);
    return decoded.ok ? utf8(JSON.stringify(bendJson(decoded.value, random)) ?? '') : undefined;
  },
  read: async (input) => {
    const inside = readKeys(input);
    if (inside.ok) {
      mustBeSame(utf8(keysText(inside.value)), input);
      return true;
    }
    const text = fromUtf8(input);
    const file = text === undefined ? undefined : await openKeyFile(text, { card: keys });
    if (text === undefined || !file?.ok) return false;
    if (keysText(file.value) !== keysText(keys)) throw new Error('other keys than were sealed');
    const decoded = decode(text.trim(), 2 ** 20);
    if (!decoded.ok || encode(decoded.value) !== text.trim()) throw new Error('a second writing');
    return true;
  },
};
