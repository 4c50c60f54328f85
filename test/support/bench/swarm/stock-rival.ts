import { spawnSync } from 'node:child_process';
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCommit } from '#protocol/codec/commit.ts';
import type { Commit } from '#protocol/codec/commit-form.ts';
import { signedData } from '#protocol/codec/sshsig.ts';
import { concat, u32be, utf8 } from '#protocol/codec/bytes.ts';

const environment = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };

/** Runs stock git and returns what it wrote; throws with its complaint. */
export function git(args: readonly string[], input?: Uint8Array): Buffer {
  const ran = spawnSync('git', ['-c', 'safe.directory=*', ...args], {
    env: environment,
    maxBuffer: 2 ** 30,
    ...(input && { input }),
  });
  if (ran.status !== 0) throw new Error(`git ${args[0]}: ${ran.stderr.toString()}`);
  return ran.stdout;
}

/** What stock programs take for the same repository, in milliseconds. */
export class StockRival {
  readonly #repository: string;
  readonly #commits: readonly Commit[];

  constructor(repository: string, raws: readonly Uint8Array[]) {
    this.#repository = repository;
    this.#commits = raws.flatMap((raw) => {
      const parsed = parseCommit(raw);
      return parsed.ok ? [parsed.value] : [];
    });
  }

  /** `git clone` into a fresh folder, through the pack protocol as over a network. */
  async cloneMs(): Promise<number> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-bench-clone-'));
    try {
      const begun = performance.now();
      git(['clone', '--quiet', '--bare', `file://${this.#repository}`, join(folder, 'clone')]);
      return performance.now() - begun;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Every signature by `node:crypto` in one thread, keys read once, nothing else looked at. */
  verifyMs(): number {
    const keys = new Map<string, KeyObject>();
    const begun = performance.now();
    for (const { envelope, payload, signature } of this.#commits) {
      const key = keys.get(envelope.d) ?? publicKey(signature.key);
      keys.set(envelope.d, key);
      if (!verify(null, signedData('git', payload), key, signature.bytes)) {
        throw new Error('a signature does not verify');
      }
    }
    return performance.now() - begun;
  }

  /**
   * `git log --show-signature` over the newest `count` commits, as for all of them: it starts one
   * ssh-keygen for each, and commits are alike.
   */
  async logMs(count: number): Promise<number> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-bench-log-'));
    try {
      const signers = join(folder, 'allowed_signers');
      await writeFile(signers, allowedSigners(this.#commits));
      const place = ['-C', this.#repository, '-c', `gpg.ssh.allowedSignersFile=${signers}`];
      const begun = performance.now();
      const told = git([...place, 'log', '--show-signature', `--max-count=${count}`, 'main']);
      const tookMs = performance.now() - begun;
      const good = told.toString('latin1').split('Good "git" signature').length - 1;
      if (good !== count) throw new Error(`stock git found ${good} good signatures of ${count}`);
      return (tookMs / count) * this.#commits.length;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Processor time of all programs that this process has started and that have ended, in ms. */
export async function endedChildrenCpuMs(): Promise<number> {
  const stat = await readFile('/proc/self/stat', 'utf8');
  // Fields 16 and 17 of proc(5), in hundredths of a second; the name in field 2 may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

function publicKey(key: Uint8Array): KeyObject {
  const x = Buffer.from(key).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

function allowedSigners(commits: readonly Commit[]): string {
  const keys = new Map(commits.map(({ envelope, signature }) => [envelope.d, signature.key]));
  const framed = (bytes: Uint8Array) => concat(u32be(bytes.length), bytes);
  const rows = [...keys].map(([device, key]) => {
    const blob = Buffer.from(concat(framed(utf8('ssh-ed25519')), framed(key))).toString('base64');
    return `${device} namespaces="git" ssh-ed25519 ${blob}\n`;
  });
  return rows.join('');
}
