import { beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '#protocol/codec/bytes.ts';
import { parseCommit } from '#protocol/codec/commit.ts';
import { merkleRoot } from '#protocol/export/merkle.ts';
import { paths } from '#protocol/export/paths.ts';
import { refsOf } from '#protocol/export/refs.ts';
import { BentRecord, bentBundle, objectsOf, verdictOn } from '../../../support/bent-record.ts';
import { sampleRecord, type SampleRecord } from '../../../support/record.ts';
import { seeded } from '../../../support/seeded.ts';

let sample: SampleRecord;
let bent: BentRecord;

beforeAll(async () => {
  sample = await sampleRecord(utf8('<!doctype html>'));
  bent = await BentRecord.of(sample);
});

describe('a record whose commits are not all there or not all true:', () => {
  /** The conversation with other commits, everything a liar can compute made to fit. */
  async function withCommits(commits: readonly Uint8Array[], fits: boolean): Promise<string[]> {
    const content = bent.content();
    const read = commits.flatMap((raw) => {
      const commit = parseCommit(raw);
      return commit.ok ? [commit.value] : [];
    });
    const bytes = bentBundle(
      fits ? refsOf(read) : content.refs,
      objectsOf({ ...content, commits: [...commits] }),
    );
    const root = merkleRoot(read.map(({ sid }) => sid));
    const manifest = bent.manifest((m) => ({
      ...m,
      swarms: m.swarms.map((row) =>
        row[0] === sample.room ? [row[0], commits.length, root] : row,
      ),
    }));
    return verdictOn(
      bent.changed({
        [paths.bundle(sample.room)]: bytes,
        ...(fits && { [paths.manifest]: manifest }),
      }),
    );
  }

  it('one that nobody builds on is left out: the root of the manifest says so', async () => {
    const { commits } = bent.content();
    expect(await withCommits(commits.slice(0, -1), false)).toContain('root-differs');
  });

  it('the same, with the manifest made to fit: it is another R, and receipts name what is gone', async () => {
    const { commits } = bent.content();
    expect(await withCommits(commits.slice(0, -1), true)).toContain('receipts-broken');
  });

  it('one in the middle is left out: what rests on it says so', async () => {
    const { commits } = bent.content();
    expect(await withCommits(commits.toSpliced(5, 1), true)).toContain('commit-waits');
  });

  it('one byte of a commit is changed, with all sums made to fit', async () => {
    const { commits } = bent.content();
    const at = commits.length - 1;
    const text = new TextDecoder().decode(commits[at]);
    const other = utf8(
      text
        .replace(/^author (\S+ \S+) \d+/gm, 'author $1 7')
        .replace(/^committer (\S+ \S+) \d+/gm, 'committer $1 7'),
    );
    expect(await withCommits(commits.with(at, other), true)).toContain('commit-refused');
  });

  it('the genesis of the mission is another: nothing can be judged, and that is said', async () => {
    const bytes = bent.files.get(paths.bundle(sample.aside)) as Uint8Array;
    expect(await verdictOn(bent.changed({ [paths.bundle(sample.cid)]: bytes }))).toContain(
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
    expect(await verdictOn(bent.changed({ [path]: utf8('other words') }))).toEqual([code]);
    expect(await verdictOn(bent.changed({ [path]: Uint8Array.of(0xff) }))).toEqual([code]);
  });

  it('receipts of another hash, and with a line of somebody else', async () => {
    const path = paths.receipts(sample.room);
    const text = new TextDecoder().decode(bent.files.get(path));
    const lines = text.split('\n');
    expect(
      await verdictOn(bent.changed({ [path]: utf8(lines.slice(0, -2).join('\n') + '\n') })),
    ).toEqual(['receipts-differ']);
    for (const other of [
      lines.slice(1).join('\n'),
      text.slice(0, -1),
      text.replace('"t":1', '"t":2'),
      `${text}{}\n`,
    ]) {
      expect(await verdictOn(bent.changed({ [path]: utf8(other) }))).toContain('receipts-broken');
    }
  });

  it('a file with other bytes', async () => {
    const path = paths.file(sample.file.address);
    const bytes = (bent.files.get(path) as Uint8Array).slice();
    bytes[7]! ^= 1;
    expect(await verdictOn(bent.changed({ [path]: bytes }))).toEqual(['file-damaged']);
  });
});

it('one flipped bit anywhere is noticed, and nothing ever throws', async () => {
  const random = seeded(3);
  for (let i = 0; i < 40; i++) {
    const bytes = sample.bytes.slice();
    const at = Math.floor(random() * bytes.length);
    bytes[at]! ^= 1 << Math.floor(random() * 8);
    expect([at, (await verdictOn(bytes)).length > 0]).toEqual([at, true]);
  }
});
