import { beforeAll, describe, expect, it } from 'vitest';
import { concat, utf8 } from '#protocol/codec/bytes.ts';
import { indexOf } from '#protocol/export/archive-index.ts';
import type { Manifest } from '#protocol/export/manifest.ts';
import { paths } from '#protocol/export/paths.ts';
import { openRecord } from '#protocol/export/read-record.ts';
import { bytesInMemory, type RecordBytes } from '#protocol/export/record-bytes.ts';
import { entryHead } from '#protocol/export/ustar.ts';
import { BentRecord, verdictOn } from '../../../support/bent-record.ts';
import { filePorts } from '../../../support/files.ts';
import { sampleRecord, type SampleRecord } from '../../../support/record.ts';
import { seeded, seededBytes } from '../../../support/seeded.ts';
import { bentHead, packed } from '../../../support/ustar.ts';

const { hashes } = filePorts;
let sample: SampleRecord;
let bent: BentRecord;

beforeAll(async () => {
  sample = await sampleRecord(utf8('<!doctype html>'));
  bent = await BentRecord.of(sample);
});

const opened = (bytes: Uint8Array) => openRecord(bytesInMemory(bytes), hashes);

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
      expect(await verdictOn(concat(sample.bytes, extra))).toHaveLength(1);
    }
  });

  it('one that has an entry twice', async () => {
    const [first] = [...bent.files] as [[string, Uint8Array]];
    expect(await verdictOn(packed([first, ...bent.files]))).toEqual([
      'the archive is not in order',
    ]);
  });

  it('one whose entries are in another order', async () => {
    expect(await verdictOn(packed([...bent.files].reverse()))).toEqual([
      'the archive is not in order',
    ]);
  });

  it('one with a file of the record missing, whichever', async () => {
    for (const path of bent.files.keys()) {
      const why = path === paths.manifest ? 'no manifest' : 'missing';
      expect((await verdictOn(bent.changed({ [path]: undefined })))[0]).toContain(why);
    }
  });

  it('one with a file more', async () => {
    const address = 'ab'.repeat(64);
    for (const path of ['notes.txt', paths.file(address), paths.bundle('x'), 'swarms/a/b.bundle']) {
      expect(await verdictOn(bent.changed({ [path]: utf8('more') }))).toEqual([
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
    const [first, ...others] = [...bent.files] as [string, Uint8Array][];
    const head = entryHead({ path: first![0], size: first![1].length });
    const rest = packed([first!, ...others]).subarray(512);
    for (const [at, text] of fields) {
      const bent = at === 148 ? head.slice() : bentHead(head, at, utf8(text));
      if (at === 148) bent.set(utf8(text), at);
      expect([at, await verdictOn(concat(bent, rest))]).toEqual([
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
    const record = await opened(bent.changed({ [paths.manifest]: bent.manifest(lie) }));
    expect(record.ok).toBe(false);
  });

  it('one that is no canonical JSON', async () => {
    const text = new TextDecoder().decode(bent.files.get(paths.manifest));
    for (const other of [` ${text}`, `${text}\n`, text.replace('{', '{ '), 'null', '', '[]']) {
      expect((await opened(bent.changed({ [paths.manifest]: utf8(other) }))).ok).toBe(false);
    }
  });
});
