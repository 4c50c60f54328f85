import { fromUtf8, utf8 } from '#protocol/codec/bytes.ts';
import { decode, encode, type Json } from '#protocol/codec/canonical-json.ts';
import type { CommitClass } from '#protocol/codec/commit-form.ts';
import { readEnvelope } from '#protocol/codec/envelope.ts';
import { bendJson } from '../support/fuzz/bend-json.ts';
import { sampleCommits } from '../support/fuzz/sample-commits.ts';
import { mustBeSame, type Target } from '../support/fuzz/target.ts';

/** Envelope lines, each behind the letter of its class. */
export const target: Target = {
  samples: async () =>
    (await sampleCommits()).map(({ class: cls, envelope }) =>
      utf8(cls + encode(envelope as unknown as Json)),
    ),
  words: [
    '"mh":[',
    '"ps":[',
    '"pq":',
    '"cid":',
    '"x":{',
    '"e":',
    '"pc":',
    'genesis',
    'msg',
    'profile',
  ],
  bend: (input, random) => {
    const decoded = decode(input.subarray(1), 2 ** 20);
    if (!decoded.ok) return undefined;
    const cls = random() < 0.9 ? String.fromCharCode(input[0] ?? 0) : 'c';
    return utf8(cls + (JSON.stringify(bendJson(decoded.value, random)) ?? ''));
  },
  read: async (input) => {
    const text = fromUtf8(input);
    const cls = text?.[0];
    if (text === undefined || (cls !== 'c' && cls !== 'x')) return false;
    const read = readEnvelope(text.slice(1), cls satisfies CommitClass, 65_536);
    if (!read.ok) return false;
    mustBeSame(utf8(cls + encode(read.value as unknown as Json)), input);
    return true;
  },
};
