import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { concat, u32be, utf8 } from '#protocol/codec/bytes.ts';
import { parseCommit } from '#protocol/codec/commit.ts';
import { sha1 } from '#protocol/codec/digest.ts';
import { indexOf } from '#protocol/export/archive-index.ts';
import { checkRecord } from '#protocol/export/check-record.ts';
import { headOf } from '#protocol/export/bundle.ts';
import { manifestBytes, readManifest, type Manifest } from '#protocol/export/manifest.ts';
import { merkleRoot } from '#protocol/export/merkle.ts';
import { paths } from '#protocol/export/paths.ts';
import { readBundle, type BundleContent } from '#protocol/export/read-bundle.ts';
import { openRecord } from '#protocol/export/read-record.ts';
import { bytesInMemory, type RecordBytes } from '#protocol/export/record-bytes.ts';
import { refsOf } from '#protocol/export/refs.ts';
import { deflateStored } from '#protocol/export/stored-deflate.ts';
import { entryHead } from '#protocol/export/ustar.ts';
import { gitObject, type GitObject } from '#protocol/pack/object.ts';
import { packEntryHead } from '#protocol/pack/write.ts';
import { filePorts } from '../../../support/files.ts';
import { nodeEngine } from '../../../support/protocol-ports.ts';
import { sampleRecord, type SampleRecord } from '../../../support/record.ts';
import { seeded, seededBytes } from '../../../support/seeded.ts';
import { bentHead, packed, unpacked } from '../../../support/ustar.ts';

const { hashes } = filePorts;
let sample: SampleRecord;
let files: Map<string, Uint8Array>;

beforeAll(async () => {
  sample = await sampleRecord(utf8('<!doctype html>'));
  files = await unpacked(sample.bytes);
});

const opened = (bytes: Uint8Array) => openRecord(bytesInMemory(bytes), hashes);

/** What is said about a record: the refusal, or the codes of its faults. */
async function verdict(bytes: Uint8Array): Promise<string[]> {
  const record = await opened(bytes);
  if (!record.ok) return [record.why];
  const { faults } = await checkRecord(nodeEngine, hashes, record.value);
  return [...new Set(faults.map(({ code }) => code))].sort();
}

/** The sample with some of its files changed, added or (undefined) left out. */
function changed(changes: Record<string, Uint8Array | undefined>): Uint8Array {
  const all = new Map<string, Uint8Array | undefined>([...files, ...Object.entries(changes)]);
  const held = [...all].filter((one): one is [string, Uint8Array] => one[1] !== undefined);
  return packed(held.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function manifestOf(change: (manifest: Manifest) => unknown): Uint8Array {
  const read = readManifest(files.get(paths.manifest) as Uint8Array);
  if (!read.ok) throw new Error(read.why);
  return manifestBytes(change(read.value) as Manifest);
}

function contentOf(cid: string): BundleContent {
  const read = readBundle(files.get(paths.bundle(cid)) as Uint8Array);
  if (!read.ok) throw new Error(read.why);
  return read.value;
}

type Deflate = (body: Uint8Array) => Uint8Array;

/** A bundle of these objects in this order, right in every sum. */
function bundle(
  refs: ReadonlyMap<string, string>,
  objects: readonly GitObject[],
  {
    deflate = deflateStored as Deflate,
    slack = new Uint8Array(0) as Uint8Array,
    count = objects.length,
  } = {},
): Uint8Array {
  const { bytes, packAt } = headOf(refs, count);
  const entries = objects.flatMap(({ type, body }) => [
    packEntryHead(type, body.length),
    deflate(body),
  ]);
  const whole = concat(bytes, ...entries, slack);
  return concat(whole, sha1(whole.subarray(packAt)));
}

function objectsOf({ commits, objects }: BundleContent): GitObject[] {
  return [...commits.map((raw) => gitObject('commit', raw)), ...objects];
}

/** The record with this bundle of the conversation. */
function withBundle(bytes: Uint8Array): Uint8Array {
  return changed({ [paths.bundle(sample.room)]: bytes });
}

describe('an archive that is refused, in words:', () => {
  it('one that is cut off anywhere', async () => {
    const random = seeded(1);
    const cuts = Array.from({ length: 200 }, () => Math.floor(random() * sample.bytes.length));
    const blocks = Array.from({ length: 40 }, (_, i) => i * 512);
    for (const cut of [0, 1, ...blocks, ...cuts, sample.bytes.length - 1]) {
      expect((await opened(sample.bytes.subarray(0, cut))).ok).toBe(false);
    }
  });

  it('one with something after its end, zeros too', async () => {
    for (const extra of [utf8('x'), new Uint8Array(512), new Uint8Array(10_240)]) {
      expect(await verdict(concat(sample.bytes, extra))).toHaveLength(1);
    }
  });

  it('one that has an entry twice', async () => {
    const [first] = [...files] as [[string, Uint8Array]];
    expect(await verdict(packed([first, ...files]))).toEqual(['the archive is not in order']);
  });

  it('one whose entries are in another order', async () => {
    expect(await verdict(packed([...files].reverse()))).toEqual(['the archive is not in order']);
  });

  it('one with a file of the record missing, whichever', async () => {
    for (const path of files.keys()) {
      const why = path === paths.manifest ? 'no manifest' : 'missing';
      expect((await verdict(changed({ [path]: undefined })))[0]).toContain(why);
    }
  });

  it('one with a file more', async () => {
    const address = 'ab'.repeat(64);
    for (const path of ['notes.txt', paths.file(address), paths.bundle('x'), 'swarms/a/b.bundle']) {
      expect(await verdict(changed({ [path]: utf8('more') }))).toEqual([
        'there is a file that the manifest does not name',
      ]);
    }
  });

  it('one whose entry would leave the place it is unpacked to', async () => {
    const head = entryHead({ path: 'README.txt', size: 0 });
    for (const path of [
      '../README.txt',
      '/etc/passwd',
      'a/../../b',
      './a',
      'a//b',
      '-rf',
      'a\\b',
      'ä',
      '',
    ]) {
      const name = new Uint8Array(100);
      name.set(utf8(path));
      const archive = concat(bentHead(head, 0, name), new Uint8Array(1024));
      expect([path, (await indexOf(bytesInMemory(archive))).ok]).toEqual([path, false]);
    }
  });

  it('one whose entry is a link, a device, a directory or of another standard', async () => {
    const head = entryHead({ path: 'README.txt', size: 0 });
    const end = new Uint8Array(1024);
    expect((await indexOf(bytesInMemory(concat(head, end)))).ok).toBe(true);
    for (const type of ['\0', '1', '2', '3', '4', '5', '6', '7', 'L', 'K', 'x', 'g', 'S']) {
      const archive = concat(bentHead(head, 156, utf8(type)), end);
      expect([type, (await indexOf(bytesInMemory(archive))).ok]).toEqual([type, false]);
    }
  });

  it('one whose header has another writing', async () => {
    const fields: [number, string][] = [
      [100, '0000755'],
      [108, '0001750'],
      [136, '00000000001'],
      [148, '000000\0 '],
      [157, 'target'],
      [257, 'ustar  \0'],
      [265, 'root'],
      [345, 'a'],
      [500, 'x'],
    ];
    const [first, ...others] = [...files] as [string, Uint8Array][];
    const head = entryHead({ path: first![0], size: first![1].length });
    const rest = packed([first!, ...others]).subarray(512);
    for (const [at, text] of fields) {
      const bent = at === 148 ? head.slice() : bentHead(head, at, utf8(text));
      if (at === 148) bent.set(utf8(text), at);
      expect([at, await verdict(concat(bent, rest))]).toEqual([
        at,
        [expect.stringMatching(/^an entry of the archive/)],
      ]);
    }
  });

  it('one whose entry claims to be huge: nothing is read for it', async () => {
    const head = entryHead({ path: 'README.txt', size: 0 });
    const huge = [utf8('77777777777'), Uint8Array.of(0x80, 0, 0, 0, 0, 0xff), utf8('-0000000001')];
    for (const size of huge) {
      const archive = concat(bentHead(head, 124, size), new Uint8Array(2048));
      const reads: number[] = [];
      const watched: RecordBytes = {
        size: archive.length,
        read: (from, to) => {
          reads.push(to - from);
          return Promise.resolve(archive.subarray(from, to));
        },
      };
      expect((await indexOf(watched)).ok).toBe(false);
      expect(Math.max(...reads)).toBeLessThanOrEqual(1024);
    }
  });

  it('one of random bytes', async () => {
    const random = seeded(2);
    for (let i = 0; i < 100; i++) {
      const bytes = seededBytes(random, Math.floor(random() * 4000));
      expect((await opened(new Uint8Array(bytes))).ok).toBe(false);
    }
  });
});

describe('a manifest that is refused, in words:', () => {
  const lies: [string, (manifest: Manifest) => unknown][] = [
    ['of another version', (m) => ({ ...m, v: 2 })],
    ['with a field more', (m) => ({ ...m, more: 1 })],
    ['of a mission that is not in it', (m) => ({ ...m, cid: m.swarms[0]![0].replace(/^./, 'a') })],
    ['with a swarm twice', (m) => ({ ...m, swarms: [...m.swarms, m.swarms[0]] })],
    ['without any swarm', (m) => ({ ...m, swarms: [] })],
    [
      'with a swarm that is not there',
      (m) => ({
        ...m,
        swarms: m.swarms.map(([c, ...r], i) => [i === 0 ? c.replace(/^./, 'a') : c, ...r]),
      }),
    ],
    ['with another size of a file', (m) => ({ ...m, files: m.files.map(([a, n]) => [a, n + 1]) })],
    ['with a file of an impossible name', (m) => ({ ...m, files: [['..', 1]] })],
    ['with receipts of no swarm', (m) => ({ ...m, receipts: [['a'.repeat(52), '0'.repeat(128)]] })],
  ];

  it.each(lies)('one %s', async (_title, lie) => {
    const record = await opened(changed({ [paths.manifest]: manifestOf(lie) }));
    expect(record.ok).toBe(false);
  });

  it('one that is no canonical JSON', async () => {
    const text = new TextDecoder().decode(files.get(paths.manifest));
    for (const other of [` ${text}`, `${text}\n`, text.replace('{', '{ '), 'null', '', '[]']) {
      expect((await opened(changed({ [paths.manifest]: utf8(other) }))).ok).toBe(false);
    }
  });
});

describe('a bundle that is found out:', () => {
  it('one with compressed objects, and with it each that would grow when it is read', async () => {
    const content = contentOf(sample.room);
    const deflate: Deflate = (body) => new Uint8Array(deflateSync(body));
    const bytes = bundle(content.refs, objectsOf(content), { deflate });
    expect(await verdict(withBundle(bytes))).toContain('bundle-damaged');
    const bomb = gitObject('blob', new Uint8Array(65_536));
    expect(readBundle(bundle(content.refs, [bomb], { deflate })).ok).toBe(false);
  });

  it('one whose object claims to be huge, or whose count does', () => {
    const { refs } = contentOf(sample.room);
    const { bytes, packAt } = headOf(refs, 1);
    const sizes = [2 ** 20, 2 ** 27, 2 ** 31, 2 ** 40];
    for (const size of sizes) {
      const whole = concat(bytes, packEntryHead('blob', size), new Uint8Array(100));
      expect(readBundle(concat(whole, sha1(whole.subarray(packAt)))).ok).toBe(false);
    }
    expect(readBundle(bundle(refs, [], { count: 2 ** 32 - 1 })).ok).toBe(false);
  });

  it('one with deltas, tags, slack, a doubled object, a wrong sum or another order', () => {
    const content = contentOf(sample.room);
    const objects = objectsOf(content);
    const good = bundle(content.refs, objects);
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
      bundle(content.refs, objects, { slack: utf8('x') }),
      bundle(content.refs, [...objects, objects.at(-1)!]),
      bundle(content.refs, objects.toReversed()),
      concat(good, utf8('x')),
      good.subarray(0, good.length - 1),
      good.subarray(0, packAt),
      utf8('# v3 git bundle\n\n'),
      new Uint8Array(0),
    ];
    for (const one of bad) expect(readBundle(one)).toMatchObject({ ok: false, rule: 'T4' });
  });

  it('one with a prerequisite, a ref of another kind, or refs in another order', () => {
    const { refs } = contentOf(sample.room);
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
    const content = contentOf(sample.room);
    const [first, second, ...others] = content.commits as [Uint8Array, Uint8Array];
    const commits: Uint8Array[] = [second, first, ...others];
    const bytes = bundle(content.refs, objectsOf({ ...content, commits }));
    expect(await verdict(withBundle(bytes))).toContain('bundle-differs');
  });

  it('one with a ref that leads elsewhere, or an object that nothing needs', async () => {
    const content = contentOf(sample.room);
    const [, oid] = [...content.refs].at(0) as [string, string];
    const refs = new Map([...content.refs].map(([name]) => [name, oid]));
    const elsewhere = bundle(refs, objectsOf(content));
    expect(await verdict(withBundle(elsewhere))).toEqual(['bundle-differs']);
    const objects = [...content.objects, gitObject('blob', utf8('secret'))];
    objects.sort((a, b) => (a.oid < b.oid ? -1 : 1));
    const more = bundle(content.refs, objectsOf({ ...content, objects }));
    expect(await verdict(withBundle(more))).toEqual(['bundle-differs']);
  });
});

describe('a record whose commits are not all there or not all true:', () => {
  /** The conversation with other commits, everything a liar can compute made to fit. */
  async function withCommits(commits: readonly Uint8Array[], fits: boolean): Promise<string[]> {
    const content = contentOf(sample.room);
    const read = commits.flatMap((raw) => {
      const commit = parseCommit(raw);
      return commit.ok ? [commit.value] : [];
    });
    const bytes = bundle(
      fits ? refsOf(read) : content.refs,
      objectsOf({ ...content, commits: [...commits] }),
    );
    const root = merkleRoot(read.map(({ sid }) => sid));
    const manifest = manifestOf((m) => ({
      ...m,
      swarms: m.swarms.map((row) =>
        row[0] === sample.room ? [row[0], commits.length, root] : row,
      ),
    }));
    return verdict(
      changed({
        [paths.bundle(sample.room)]: bytes,
        ...(fits && { [paths.manifest]: manifest }),
      }),
    );
  }

  it('one that nobody builds on is left out: the root of the manifest says so', async () => {
    const { commits } = contentOf(sample.room);
    expect(await withCommits(commits.slice(0, -1), false)).toContain('root-differs');
  });

  it('the same, with the manifest made to fit: it is another R, and receipts name what is gone', async () => {
    const { commits } = contentOf(sample.room);
    expect(await withCommits(commits.slice(0, -1), true)).toContain('receipts-broken');
  });

  it('one in the middle is left out: what rests on it says so', async () => {
    const { commits } = contentOf(sample.room);
    expect(await withCommits(commits.toSpliced(5, 1), true)).toContain('commit-waits');
  });

  it('one byte of a commit is changed, with all sums made to fit', async () => {
    const { commits } = contentOf(sample.room);
    const at = commits.length - 1;
    const text = new TextDecoder().decode(commits[at]);
    const bent = utf8(
      text
        .replace(/^author (\S+ \S+) \d+/gm, 'author $1 7')
        .replace(/^committer (\S+ \S+) \d+/gm, 'committer $1 7'),
    );
    expect(await withCommits(commits.with(at, bent), true)).toContain('commit-refused');
  });

  it('the genesis of the mission is another: nothing can be judged, and that is said', async () => {
    const bytes = files.get(paths.bundle(sample.aside)) as Uint8Array;
    expect(await verdict(changed({ [paths.bundle(sample.cid)]: bytes }))).toContain(
      'mission-damaged',
    );
  });
});

describe('papers that do not follow from the commits:', () => {
  const papers: [string, string, string][] = [
    [paths.readme, 'README.txt', 'readme-differs'],
    [paths.signers, 'signers', 'signers-differ'],
    [paths.status, 'status', 'status-differs'],
    [paths.reader, 'the reader', 'reader-differs'],
  ];

  it.each(papers)('%s', async (path, _title, code) => {
    expect(await verdict(changed({ [path]: utf8('other words') }))).toEqual([code]);
    expect(await verdict(changed({ [path]: Uint8Array.of(0xff) }))).toEqual([code]);
  });

  it('receipts of another hash, and with a line of somebody else', async () => {
    const path = paths.receipts(sample.room);
    const text = new TextDecoder().decode(files.get(path));
    const lines = text.split('\n');
    expect(await verdict(changed({ [path]: utf8(lines.slice(0, -2).join('\n') + '\n') }))).toEqual([
      'receipts-differ',
    ]);
    for (const other of [
      lines.slice(1).join('\n'),
      text.slice(0, -1),
      text.replace('"t":1', '"t":2'),
      `${text}{}\n`,
    ]) {
      expect(await verdict(changed({ [path]: utf8(other) }))).toContain('receipts-broken');
    }
  });

  it('a file with other bytes', async () => {
    const path = paths.file(sample.file.address);
    const bytes = (files.get(path) as Uint8Array).slice();
    bytes[7]! ^= 1;
    expect(await verdict(changed({ [path]: bytes }))).toEqual(['file-damaged']);
  });
});

it('one flipped bit anywhere is noticed, and nothing ever throws', async () => {
  const random = seeded(3);
  for (let i = 0; i < 40; i++) {
    const bytes = sample.bytes.slice();
    const at = Math.floor(random() * bytes.length);
    bytes[at]! ^= 1 << Math.floor(random() * 8);
    expect([at, (await verdict(bytes)).length > 0]).toEqual([at, true]);
  }
});
