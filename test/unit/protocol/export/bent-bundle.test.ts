import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { concat, u32be, utf8 } from '#protocol/codec/bytes.ts';
import { sha1 } from '#protocol/codec/digest.ts';
import { headOf } from '#protocol/export/bundle.ts';
import { readBundle } from '#protocol/export/read-bundle.ts';
import { deflateStored } from '#protocol/export/stored-deflate.ts';
import { gitObject } from '#protocol/pack/object.ts';
import { packEntryHead } from '#protocol/pack/write.ts';
import {
  BentRecord,
  bentBundle,
  objectsOf,
  verdictOn,
  type Deflate,
} from '../../../support/bent-record.ts';
import { sampleRecord } from '../../../support/record.ts';

let bent: BentRecord;

beforeAll(async () => {
  bent = await BentRecord.of(await sampleRecord());
});

describe('a bundle that is found out:', () => {
  it('one with compressed objects, and with it each that would grow when it is read', async () => {
    const content = bent.content();
    const deflate: Deflate = (body) => new Uint8Array(deflateSync(body));
    const bytes = bentBundle(content.refs, objectsOf(content), { deflate });
    expect(await verdictOn(bent.withBundle(bytes))).toContain('bundle-damaged');
    const bomb = gitObject('blob', new Uint8Array(65_536));
    expect(readBundle(bentBundle(content.refs, [bomb], { deflate })).ok).toBe(false);
  });

  it('one whose object claims to be huge, or whose count does', () => {
    const { refs } = bent.content();
    const { bytes, packAt } = headOf(refs, 1);
    const sizes = [2 ** 20, 2 ** 27, 2 ** 31, 2 ** 40];
    for (const size of sizes) {
      const whole = concat(bytes, packEntryHead('blob', size), new Uint8Array(100));
      expect(readBundle(concat(whole, sha1(whole.subarray(packAt)))).ok).toBe(false);
    }
    expect(readBundle(bentBundle(refs, [], { count: 2 ** 32 - 1 })).ok).toBe(false);
  });

  it('one with deltas, tags, slack, a doubled object, a wrong sum or another order', () => {
    const content = bent.content();
    const objects = objectsOf(content);
    const good = bentBundle(content.refs, objects);
    expect(readBundle(good).ok).toBe(true);
    const { packAt, bytes } = headOf(content.refs, 1);
    const odd: Uint8Array[] = [0, 4, 5, 6, 7].map((type) => {
      const whole = concat(bytes, Uint8Array.of(type << 4), deflateStored(new Uint8Array(0)));
      return concat(whole, sha1(whole.subarray(packAt)));
    });
    const wrongSum = good.slice();
    wrongSum[good.length - 1]! ^= 1;
    const bad: Uint8Array[] = [
      ...odd,
      wrongSum,
      bentBundle(content.refs, objects, { slack: utf8('x') }),
      bentBundle(content.refs, [...objects, objects.at(-1)!]),
      bentBundle(content.refs, objects.toReversed()),
      concat(good, utf8('x')),
      good.subarray(0, good.length - 1),
      good.subarray(0, packAt),
      utf8('# v3 git bundle\n\n'),
      new Uint8Array(0),
    ];
    for (const one of bad) expect(readBundle(one)).toMatchObject({ ok: false, rule: 'T4' });
  });

  it('one with a prerequisite, a ref of another kind, or refs in another order', () => {
    const { refs } = bent.content();
    const pack = concat(utf8('PACK'), u32be(2), u32be(0));
    const [one, two] = [...refs] as [[string, string], [string, string]];
    const heads = [
      `-${'0'.repeat(40)} comment\n`,
      `${one[1]} refs/tags/x\n`,
      `${one[1]} refs/heads/../x\n`,
      `${two[1]} ${two[0]}\n${one[1]} ${one[0]}\n`,
      `${one[1]} ${one[0]}\n${one[1]} ${one[0]}\n`,
    ];
    for (const head of heads) {
      const whole = concat(utf8(`# v2 git bundle\n${head}\n`), pack, sha1(pack));
      expect(readBundle(whole)).toMatchObject({ ok: false, rule: 'T4' });
    }
  });

  it('one with commits in another order, though everything else is right', async () => {
    const content = bent.content();
    const [first, second, ...others] = content.commits as [Uint8Array, Uint8Array];
    const commits: Uint8Array[] = [second, first, ...others];
    const bytes = bentBundle(content.refs, objectsOf({ ...content, commits }));
    expect(await verdictOn(bent.withBundle(bytes))).toContain('bundle-differs');
  });

  it('one with a ref that leads elsewhere, or an object that nothing needs', async () => {
    const content = bent.content();
    const [, oid] = [...content.refs].at(0) as [string, string];
    const refs = new Map([...content.refs].map(([name]) => [name, oid]));
    const elsewhere = bentBundle(refs, objectsOf(content));
    expect(await verdictOn(bent.withBundle(elsewhere))).toEqual(['bundle-differs']);
    const objects = [...content.objects, gitObject('blob', utf8('secret'))];
    objects.sort((a, b) => (a.oid < b.oid ? -1 : 1));
    const more = bentBundle(content.refs, objectsOf({ ...content, objects }));
    expect(await verdictOn(bent.withBundle(more))).toEqual(['bundle-differs']);
  });
});
