import { concat, utf8 } from '#protocol/codec/bytes.ts';
import { sha1 } from '#protocol/codec/digest.ts';
import { pushLimits } from '#protocol/pack/limits.ts';
import { gitObject } from '#protocol/pack/object.ts';
import { scanPack } from '#protocol/pack/scan.ts';
import { packEntryHead, writePack } from '#protocol/pack/write.ts';
import { bendBytes, below, pick } from '../support/fuzz/bend.ts';
import { sampleCommits } from '../support/fuzz/sample-commits.ts';
import type { Target } from '../support/fuzz/target.ts';
import { nodeZlib } from '../support/protocol-ports.ts';

const headBytes = 12;
const trailerBytes = 20;

/**
 * Packs as a device pushes them. One object can be deflated in many ways, so it is objects that have
 * to come back from writing, and what they cost that is counted.
 */
export const target: Target = {
  samples: async () => {
    const commits = (await sampleCommits()).map(({ raw }) => gitObject('commit', raw));
    const blobs = ['', 'one', 'x'.repeat(5000)].map((text) => gitObject('blob', utf8(text)));
    return [[], blobs, commits.slice(0, 4), [...blobs, ...commits]].map((objects) =>
      writePack(objects, nodeZlib),
    );
  },
  words: ['PACK', '\u0000\u0000\u0000\u0002', 'x\u009c'],
  // The sum is right again, an entry may be a bomb, and the count may lie.
  bend: (input, random) => {
    const body = input.slice(0, Math.max(headBytes, input.length - trailerBytes));
    const entries: Uint8Array[] = [body.subarray(headBytes)];
    let count = new DataView(body.buffer, body.byteOffset).getUint32(8);
    if (random() < 0.3) {
      const size = pick(random, [0, 1, 65_535, 65_536, 65_537, 4_194_304, 8_388_608]);
      const plain = new Uint8Array(random() < 0.8 ? size : size + 1);
      const type = pick(random, ['commit', 'tree', 'blob'] as const);
      entries.push(packEntryHead(type, size), nodeZlib.deflate(plain));
      count += 1;
    } else if (random() < 0.7) {
      entries[0] = bendBytes(entries[0] ?? body, random, []);
    }
    if (random() < 0.1)
      count = pick(random, [0, count + 1, 2049, 2 ** 31, 2 ** 32 - 1, below(random, 9)]);
    const head = body.slice(0, headBytes);
    new DataView(head.buffer).setUint32(8, count);
    const whole = concat(head, ...entries);
    return concat(whole, sha1(whole));
  },
  read: async (input) => {
    const scanned = scanPack(input, nodeZlib, pushLimits);
    if (!scanned.ok) return false;
    const objects = scanned.value;
    const inflated = objects.reduce((sum, { body }) => sum + body.length, 0);
    const most = pushLimits.freeBytes + input.length * pushLimits.ratio;
    if (inflated > Math.min(most, pushLimits.inflatedBytes)) throw new Error('it inflates too far');
    if (objects.length > pushLimits.objects) throw new Error('too many objects');
    for (const { body, oid, type } of objects) {
      if (gitObject(type, body).oid !== oid) throw new Error('an object has another name');
    }
    const again = scanPack(writePack(objects, nodeZlib), nodeZlib, pushLimits);
    const names = again.ok ? again.value.map(({ oid }) => oid).join() : undefined;
    // Zlib of another strength may have made it small enough; ours then is not.
    if (names !== undefined && names !== objects.map(({ oid }) => oid).join()) {
      throw new Error('other objects come back');
    }
    return true;
  },
};
