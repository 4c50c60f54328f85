import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { utf8 } from '#protocol/codec/bytes.ts';
import { sampleRecord, type SampleRecord } from '../support/record.ts';
import { unpacked } from '../support/ustar.ts';

/** Stock tar, git, ssh-keygen and sha512sum, which share no code with us, judge a record. */
let home: string;
let sample: SampleRecord;
let files: Map<string, Uint8Array>;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'parley-record-'));
  sample = await sampleRecord(utf8('<!doctype html>\n'));
  files = await unpacked(sample.bytes);
  writeFileSync(join(home, 'record.tar'), sample.bytes);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs a tool without the user's own settings; throws, with its words, when it says no. */
function run(tool: string, ...args: string[]): string {
  const env = { PATH: process.env['PATH'], HOME: home, GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };
  return execFileSync(tool, args, { cwd: home, env, encoding: 'utf8', maxBuffer: 2 ** 28 });
}

it('tar lists a record: regular files in order, nobody owns them, no time', () => {
  const rows = run('tar', '-tvf', 'record.tar', '--utc', '--full-time').trimEnd().split('\n');
  expect(rows).toHaveLength(files.size);
  const seen = rows.map((row) => /^(\S+) (\S+) +(\d+) (\S+ \S+) (.+)$/.exec(row)?.slice(1));
  for (const [i, [path, content]] of [...files].entries()) {
    const size = String(content.length);
    expect(seen[i]).toEqual(['-rw-r--r--', '0/0', size, '1970-01-01 00:00:00', path]);
  }
});

it('tar unpacks it, without a word, to the same bytes', () => {
  expect(run('tar', '-xf', 'record.tar')).toBe('');
  for (const [path, content] of files) {
    expect([path, readFileSync(join(home, path)).equals(content)]).toEqual([path, true]);
  }
});

it('sha512sum says what the manifest says', () => {
  const { manifest } = sample.plan;
  const [address] = manifest.files[0] as [string, number];
  const paths = [
    [`files/${address.slice(0, 64)}/${address.slice(64)}`, address],
    ['reader.html', manifest.reader],
    ...manifest.receipts.map(([cid, hash]) => [`receipts/${cid}.log`, hash]),
  ] as [string, string][];
  for (const [path, hash] of paths) expect(run('sha512sum', path)).toBe(`${hash}  ${path}\n`);
  const whole = createHash('sha512').update(sample.bytes).digest('hex');
  expect(run('sha512sum', 'record.tar')).toBe(`${whole}  record.tar\n`);
});

it('git clones every bundle with every commit, and finds nothing to complain about', () => {
  const bundles = readdirSync(join(home, 'swarms'));
  expect(bundles).toHaveLength(3);
  for (const bundle of bundles) {
    const [, commits] = sample.plan.manifest.swarms.find(([cid]) => bundle.startsWith(cid))!;
    run('git', 'clone', '-q', `swarms/${bundle}`, `checkout-${bundle}`);
    const git = (...args: string[]) => run('git', '-C', `checkout-${bundle}`, ...args);
    expect(git('fsck', '--strict', '--no-dangling')).toBe('');
    expect(git('rev-list', '--all', '--count').trim()).toBe(String(commits));
    expect(git('ls-files')).toContain('proto');
  }
});

it('git and ssh-keygen call every signature good, by the device that the commit names', () => {
  const checkouts = readdirSync(home).filter((name) => name.startsWith('checkout-'));
  expect(checkouts).toHaveLength(3);
  for (const checkout of checkouts) {
    const signers = `gpg.ssh.allowedSignersFile=${join(home, 'allowed_signers')}`;
    const log = run('git', '-C', checkout, '-c', signers, 'log', '--all', '--format=%G? %GS %an');
    const rows = log.trimEnd().split('\n');
    expect(rows.length).toBeGreaterThan(3);
    for (const row of rows) {
      const [verdict, signer, author] = row.split(' ');
      expect([verdict, signer]).toEqual(['G', author]);
    }
  }
});

it('the commands in README.txt are those that work', () => {
  const text = readFileSync(join(home, 'README.txt'), 'utf8');
  const [, cid] = /(swarms\/NAME\.bundle)/.exec(text)!;
  expect(cid).toBe('swarms/NAME.bundle');
  const commands = text.split('\n').filter((line) => /^ {4}(git|cd) /.test(line));
  const script = commands
    .join('\n')
    .replace('NAME', sample.cid)
    .replace('log --show-signature', 'log -1 --show-signature');
  const log = run('bash', '-ec', script);
  expect(log).toContain('Good "git" signature for ');
});
