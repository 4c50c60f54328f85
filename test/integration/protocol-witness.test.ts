import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { concat, utf8 } from '#protocol/codec/bytes.ts';
import { encode, type Json } from '#protocol/codec/canonical-json.ts';
import { objectName, type GitType } from '#protocol/codec/git-object.ts';
import { armour } from '#protocol/codec/sshsig.ts';
import { fromB64u, fromBase64, toBase64 } from '#protocol/codec/text-form.ts';
import { gitObject } from '#protocol/pack/object.ts';
import { pushLimits } from '#protocol/pack/limits.ts';
import { objectsIn, treeOf } from '#protocol/pack/node.ts';
import { scanPack } from '#protocol/pack/scan.ts';
import { writePack } from '#protocol/pack/write.ts';
import { nodeZlib } from '../support/protocol-ports.ts';

/** Stock git and ssh-keygen, which share no code with us, judge the vectors. */
const read = <T>(name: string) =>
  JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8')) as T;
const commits = read<{
  dfp: string;
  allowedSigners: string;
  commits: { name: string; raw: string; oid: string }[];
  variants: { name: string; raw: string; oid: string }[];
}>('commits');

let home: string;
let repository: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'parley-witness-'));
  repository = join(home, 'witness.git');
  git(['init', '--quiet', '--bare', repository]);
  writeFileSync(join(home, 'signers'), `${commits.allowedSigners}\n`);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs a tool without the user's own settings; throws, with its words, when it says no. */
function run(tool: string, args: string[], input?: Uint8Array): string {
  const env = { PATH: process.env['PATH'], HOME: home, GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };
  return execFileSync(tool, args, {
    env,
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

function git(args: string[], input?: Uint8Array): string {
  return run('git', args, input).trim();
}

function inRepository(args: string[], input?: Uint8Array): string {
  return git(['--git-dir', repository, ...args], input);
}

function verifyCommit(oid: string): string {
  const signers = `gpg.ssh.allowedSignersFile=${join(home, 'signers')}`;
  return inRepository(['-c', 'gpg.format=ssh', '-c', signers, 'verify-commit', '--raw', oid]);
}

function store(type: GitType, bytes: Uint8Array): string {
  return inRepository(['hash-object', '-t', type, '-w', '--stdin'], bytes);
}

it('git gives every object of ours the name that we give it', () => {
  const root = treeOf(
    new Map([
      ['proto', utf8('swarm1\n')],
      ['devices/a.json', utf8('{}')],
      ['devices.json', utf8('[]')],
      ['devices0', utf8('')],
    ]),
  );
  for (const { type, oid, body } of objectsIn(root)) expect(store(type, body)).toBe(oid);
  for (const { raw, oid } of commits.commits) expect(store('commit', fromBase64(raw)!)).toBe(oid);
});

it('git indexes a pack of ours strictly, finds nothing to complain about, and verifies its commits (S13)', () => {
  const { good } = read<{ good: { pack: string; objects: { oid: string }[] } }>('packs');
  inRepository(['index-pack', '--strict', '--stdin'], fromBase64(good.pack));
  for (const { oid } of commits.commits) {
    inRepository(['update-ref', `refs/swarm/dev/${commits.dfp}`, oid]);
    expect(() => verifyCommit(oid)).not.toThrow();
  }
  expect(inRepository(['fsck', '--strict', '--no-dangling'])).toBe('');
  for (const { oid } of good.objects) expect(inRepository(['cat-file', '-t', oid])).not.toBe('');
});

it('git calls a commit bad when any byte under the signature changes', () => {
  const raw = fromBase64(commits.commits[1]!.raw)!;
  const text = new TextDecoder().decode(raw).replace('"l":2', '"l":3');
  expect(() => verifyCommit(store('commit', utf8(text)))).toThrow();
});

it('git verifies the other writings of one commit, which is why R2, R3 and R4 refuse them (S15, S16)', () => {
  for (const { name, raw, oid } of commits.variants) {
    const bytes = fromBase64(raw)!;
    expect([name, store('commit', bytes)]).toEqual([name, oid]);
    expect([name, objectName('commit', bytes)]).toEqual([name, oid]);
    expect(() => verifyCommit(oid)).not.toThrow();
  }
});

it('a founding: git verifies the genesis and both parties sign above it', () => {
  const founding = read<{ genesis: string; posts: { post: { t: string; o?: string } }[] }>(
    'founding',
  );
  const founds = founding.posts.flatMap(({ post }) =>
    post.t === 'found' ? [fromB64u(post.o!)!] : [],
  );
  store('blob', utf8('swarm1\n'));
  for (const raw of [fromBase64(founding.genesis)!, ...founds]) {
    const signer = /^author (\S+)/m.exec(new TextDecoder().decode(raw))![1]!;
    writeFileSync(join(home, 'signers'), signerLine(signer, 'git', keyOf(raw)));
    expect(() => verifyCommit(store('commit', raw))).not.toThrow();
  }
  writeFileSync(join(home, 'signers'), `${commits.allowedSigners}\n`);
});

it('a pack that git makes without deltas is read by our scan, and one with deltas is refused', () => {
  const bodies = Array.from({ length: 4 }, (_, i) => utf8(`${'line\n'.repeat(400)}${i}\n`));
  const oids = bodies.map((body) => store('blob', body));
  const list = utf8(`${oids.join('\n')}\n`);
  const pack = (options: string[]) =>
    new Uint8Array(
      execFileSync('git', ['--git-dir', repository, 'pack-objects', '--stdout', '-q', ...options], {
        input: list,
      }),
    );
  const roomy = { ...pushLimits, ratio: 1000 };
  const plain = scanPack(pack(['--depth=0', '--window=0']), nodeZlib, roomy);
  expect(plain.ok && plain.value.map(({ oid }) => oid).toSorted()).toEqual(oids.toSorted());
  expect(scanPack(pack(['--depth=50']), nodeZlib, roomy)).toMatchObject({ ok: false, rule: 'L2' });
});

it('git reads a pack of ours that is compressed, and one of every size of object', () => {
  const sizes = [0, 1, 15, 16, 2047, 2048, 2049, 65_536];
  const objects = sizes.map((size) => gitObject('blob', new Uint8Array(size).fill(size % 251)));
  inRepository(['index-pack', '--strict', '--stdin'], writePack(objects, nodeZlib));
  for (const { oid, body } of objects) {
    expect(inRepository(['cat-file', '-s', oid])).toBe(String(body.length));
  }
});

it('ssh-keygen verifies both signatures of every certificate, each in its own namespace only', () => {
  const { certificates, issuers } = read<{
    certificates: Record<string, { c: Record<string, Json>; s: string; w: string }>;
    issuers: Record<string, string>;
  }>('certificates');
  for (const [type, { c, s, w }] of Object.entries(certificates)) {
    const subject = (c['pk'] ?? c['ipk']) as string;
    const message = utf8(encode(c));
    expect(keygenVerifies('swarm-cert-v1', issuers[type]!, s, message)).toBe(true);
    expect(keygenVerifies('swarm-pop-v1', subject, w, message)).toBe(true);
    expect(keygenVerifies('git', issuers[type]!, s, message)).toBe(false);
    expect(keygenVerifies('swarm-cert-v1', issuers[type]!, s, utf8(`${encode(c)} `))).toBe(false);
  }
});

/** Rebuilds the armour of a raw signature and lets ssh-keygen judge it. */
function keygenVerifies(namespace: string, key: string, raw: string, message: Uint8Array): boolean {
  const keyBytes = fromB64u(key, 32)!;
  const [signature, signers] = [join(home, 'signature'), join(home, 'one-signer')];
  writeFileSync(signature, armour({ key: keyBytes, namespace, bytes: fromB64u(raw, 64)! }));
  writeFileSync(signers, signerLine('somebody', namespace, keyBytes));
  const args = ['-Y', 'verify', '-f', signers, '-I', 'somebody', '-n', namespace, '-s', signature];
  try {
    return run('ssh-keygen', args, message).includes('Good');
  } catch {
    return false;
  }
}

function signerLine(who: string, namespace: string, key: Uint8Array): string {
  const framed = (bytes: Uint8Array) => concat(Uint8Array.of(0, 0, 0, bytes.length), bytes);
  const blob = toBase64(concat(framed(utf8('ssh-ed25519')), framed(key)));
  return `${who} namespaces="${namespace}" ssh-ed25519 ${blob}\n`;
}

/** The key inside a commit's signature. */
function keyOf(raw: Uint8Array): Uint8Array {
  const lines = /BEGIN SSH SIGNATURE-----\n([^-]+)-----END/.exec(
    new TextDecoder().decode(raw),
  )![1]!;
  return fromBase64(lines.replace(/\s/g, ''))!.slice(33, 65);
}
