import { fromUtf8, utf8 } from '#protocol/codec/bytes.ts';
import { decode } from '#protocol/codec/canonical-json.ts';
import { parseCommit, serialize } from '#protocol/codec/commit.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { verifyBlob } from '#protocol/crypto/verify-strict.ts';
import { bendJson } from '../support/fuzz/bend-json.ts';
import { sampleCommits } from '../support/fuzz/sample-commits.ts';
import { mustBeSame, type Target } from '../support/fuzz/target.ts';
import { nodeEngine } from '../support/protocol-ports.ts';

let good: readonly Commit[] = [];

/** Raw commits; one whose signature verifies is one that was signed. */
export const target: Target = {
  samples: async () => {
    good = await sampleCommits();
    return good.map(({ raw }) => raw);
  },
  words: [
    'parent ',
    'tree ',
    'gpgsig ',
    '\n\n',
    'swarm1 c',
    'swarm1 x',
    ' +0000',
    '@genesis.swarm.invalid',
    '\r\n',
    'encoding ',
  ],
  // Another envelope in the same commit: what the grammar around it cannot refuse.
  bend: (input, random) => {
    const lines = fromUtf8(input)?.split('\n') ?? [];
    const at = lines.findIndex((line) => line.startsWith('{'));
    const decoded = at < 0 ? undefined : decode(lines[at] as string, 2 ** 20);
    if (!decoded?.ok) return undefined;
    return utf8(lines.with(at, JSON.stringify(bendJson(decoded.value, random)) ?? '').join('\n'));
  },
  read: async (input) => {
    const parsed = parseCommit(input);
    if (!parsed.ok) return false;
    const { payload, signature, sid } = parsed.value;
    mustBeSame(serialize(parsed.value, signature.key, signature.bytes), input);
    const isSigned = await verifyBlob(nodeEngine, 'git', signature.key, payload, signature.bytes);
    if (isSigned && !good.some((one) => one.sid === sid)) {
      throw new Error('a commit that nobody signed verifies');
    }
    return true;
  },
};
