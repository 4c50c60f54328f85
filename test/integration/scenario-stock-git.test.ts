import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { utf8 } from '#protocol/codec/bytes.ts';
import { parseCommit } from '#protocol/codec/commit.ts';
import { readArmour } from '#protocol/codec/sshsig.ts';
import { verifyBlob } from '#protocol/crypto/verify-strict.ts';
import { nodeEngine } from '../support/protocol-ports.ts';
import { stockGit } from '../support/stock-git.ts';

let home: string;
let raw: string;

/** A commit that stock git made and ssh-keygen signed, with no code of ours. */
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'parley-stock-'));
  const key = join(home, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', key]);
  stockGit(home, 'init', '--quiet', '.');
  const who = ['-c', 'user.name=x', '-c', 'user.email=x@example.invalid'];
  const signed = ['-c', 'gpg.format=ssh', '-c', `user.signingkey=${key}.pub`];
  const message = ['--allow-empty', '--message', 'of stock git\n\ngpgsig -----BEGIN'];
  stockGit(home, ...who, ...signed, 'commit', '--quiet', '-S', ...message);
  raw = stockGit(home, 'cat-file', 'commit', 'HEAD');
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The commit in two: its signature, and what that covers. */
function halves(): { armour: string; payload: string } {
  const found = /^gpgsig ([^]*?-----END SSH SIGNATURE-----\n)/m.exec(raw);
  const header = found?.[0] ?? '';
  return { armour: (found?.[1] ?? '').replaceAll('\n ', '\n'), payload: raw.replace(header, '') };
}

it('S14: what stock git signs verifies here, and is no commit of ours all the same (R2)', async () => {
  const { armour, payload } = halves();
  const signature = readArmour(armour, 'git');
  if (signature === undefined) throw new Error(armour);
  const { bytes, key } = signature;
  expect(await verifyBlob(nodeEngine, 'git', key, utf8(payload), bytes)).toBe(true);
  const changed = utf8(payload.replace('stock', 'Stock'));
  expect(await verifyBlob(nodeEngine, 'git', key, changed, bytes)).toBe(false);
  expect(await verifyBlob(nodeEngine, 'swarm-cert-v1', key, utf8(payload), bytes)).toBe(false);
  expect(parseCommit(utf8(raw))).toMatchObject({ ok: false, rule: 'R2' });
});
