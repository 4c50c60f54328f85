import { fromUtf8, utf8 } from '#protocol/codec/bytes.ts';
import { decode, encode, type Json } from '#protocol/codec/canonical-json.ts';
import { armour, readArmour } from '#protocol/codec/sshsig.ts';
import * as textForm from '#protocol/codec/text-form.ts';
import { encodeTree, readTree } from '#protocol/pack/tree.ts';
import { bendJson } from '../support/fuzz/bend-json.ts';
import { mustBeSame, type Target } from '../support/fuzz/target.ts';
import { seedOf } from '../support/people.ts';

const value: Json = {
  a: [0, 1, 2 ** 53 - 1, '', 'ä\n"\\\u0000\u{1f600}'],
  b: { c: { d: [[[['deep']]]] } },
  z9: 'text',
};
const signature = { key: seedOf('key'), namespace: 'git', bytes: new Uint8Array(64).fill(7) };
const oid = 'ab'.repeat(20);

/** Canonical JSON, the four texts of bytes, the armour of a signature, and trees: by the first byte. */
export const target: Target = {
  samples: async () => [
    sample(0, utf8(encode(value))),
    sample(1, utf8(textForm.toHex(seedOf('hex')))),
    sample(2, utf8(textForm.toB32(seedOf('b32')))),
    sample(3, utf8(textForm.toB64u(seedOf('b64u')))),
    sample(4, utf8(textForm.toBase64(seedOf('base64')))),
    sample(5, utf8(armour(signature))),
    sample(
      6,
      encodeTree([
        { mode: '40000', name: 'a.b', oid },
        { mode: '100644', name: 'a', oid },
      ]),
    ),
  ],
  words: [
    '\\u0000',
    '\\ud800',
    '\ufeff',
    '1e3',
    '-0',
    '__proto__',
    '""',
    '[[[[',
    '40000 ',
    '100644 ',
  ],
  bend: (input, random) => {
    const decoded = input[0] === 0 ? decode(input.subarray(1), 2 ** 20) : undefined;
    return decoded?.ok
      ? sample(0, utf8(JSON.stringify(bendJson(decoded.value, random)) ?? ''))
      : undefined;
  },
  read: async (input) => {
    const body = input.subarray(1);
    const written = rewritten(input[0] ?? 0, body);
    if (written === undefined) return false;
    mustBeSame(written, body);
    return true;
  },
};

function sample(which: number, body: Uint8Array): Uint8Array {
  return new Uint8Array([which, ...body]);
}

/** What was read, written again; undefined if it was refused. */
function rewritten(which: number, body: Uint8Array): Uint8Array | undefined {
  if (which === 6) {
    const tree = readTree(body);
    return tree.ok ? encodeTree(tree.value) : undefined;
  }
  if (which === 0) {
    const json = decode(body, 65_536);
    return json.ok ? utf8(encode(json.value)) : undefined;
  }
  const text = fromUtf8(body);
  if (text === undefined) return undefined;
  if (which === 5) {
    const read = readArmour(text, 'git');
    return read && utf8(armour(read));
  }
  const { fromB32, fromB64u, fromBase64, fromHex, toB32, toB64u, toBase64, toHex } = textForm;
  const forms = [
    [fromHex, toHex],
    [fromB32, toB32],
    [fromB64u, toB64u],
    [fromBase64, toBase64],
  ] as const;
  const [read, write] = forms[which - 1] ?? [];
  const bytes = read?.(text);
  return bytes && write ? utf8(write(bytes)) : undefined;
}
