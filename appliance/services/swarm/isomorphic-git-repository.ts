import { randomBytes } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { init, listRefs, readObject, resolveRef, writeObject, writeRef } from 'isomorphic-git';
import { makeDirectoryDurably, syncDirectory } from '#kernel/durable-file.ts';
import { systemCode } from '#kernel/refusal.ts';
import { Serial } from '#kernel/serial.ts';
import { durableFileSystem, type GitFiles } from './durable-file-system.ts';
import type { GitObject } from '#protocol/pack/object.ts';
import type { Repositories, Repository } from './repository.ts';

const suffix = '.git';
/** Files synced at one time: enough to keep a disk busy, too few to run out of descriptors. */
const writesAtOnce = 16;

/** Bare git repositories `<directory>/<cid>.git`, which stock git opens as they are. */
export class GitRepositories implements Repositories {
  readonly #directory: string;
  readonly #staging: string;

  /** `staging` is a directory on the same disk for what is not whole yet. */
  constructor(directory: string, staging: string) {
    this.#directory = directory;
    this.#staging = staging;
  }

  async recover(): Promise<void> {
    await makeDirectoryDurably(this.#staging);
    for (const name of await readdir(this.#staging)) {
      await rm(join(this.#staging, name), { recursive: true, force: true });
    }
  }

  async list(): Promise<string[]> {
    await makeDirectoryDurably(this.#directory);
    const names = await readdir(this.#directory);
    return names
      .filter((name) => name.endsWith(suffix))
      .map((name) => name.slice(0, -suffix.length))
      .sort();
  }

  open(cid: string): Promise<Repository> {
    const path = join(this.#directory, cid + suffix);
    return Promise.resolve(new GitRepository(path, this.#staging));
  }
}

class GitRepository implements Repository {
  readonly #gitdir: string;
  readonly #staging: string;
  #isMade = false;
  readonly #fs: GitFiles;
  /** Shared by all reads, as the library asks for: it holds the indexes of packs. */
  readonly #cache = {};
  readonly #turn = new Serial();

  constructor(gitdir: string, staging: string) {
    this.#gitdir = gitdir;
    this.#staging = staging;
    this.#fs = durableFileSystem(staging);
  }

  async read(oid: string): Promise<GitObject | undefined> {
    try {
      const found = await readObject({
        ...this.#place(),
        cache: this.#cache,
        oid,
        format: 'content',
      });
      if (found.type !== 'commit' && found.type !== 'tree' && found.type !== 'blob')
        return undefined;
      return { oid, type: found.type, body: new Uint8Array(found.object as Uint8Array) };
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async write(objects: readonly GitObject[]): Promise<void> {
    await this.#turn.run(() => this.#makeIfMissing());
    for (let at = 0; at < objects.length; at += writesAtOnce) {
      await Promise.all(
        objects.slice(at, at + writesAtOnce).map((object) => this.#writeOne(object)),
      );
    }
  }

  async refs(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const name of await listRefs({ ...this.#place(), filepath: 'refs/swarm' })) {
      const ref = `refs/swarm/${name}`;
      found.set(ref, await resolveRef({ ...this.#place(), ref }));
    }
    return found;
  }

  move(ref: string, from: string | undefined, to: string): Promise<boolean> {
    return this.#turn.run(async () => {
      if ((await this.#resolve(ref)) !== from) return false;
      if (from !== to) await writeRef({ ...this.#place(), ref, value: to, force: true });
      return true;
    });
  }

  async show(oid: string): Promise<void> {
    const ref = 'refs/heads/main';
    await this.#turn.run(() => writeRef({ ...this.#place(), ref, value: oid, force: true }));
  }

  /** Built aside and renamed, since git takes a directory without HEAD for no repository. */
  async #makeIfMissing(): Promise<void> {
    if (this.#isMade || (await isThere(this.#gitdir))) {
      this.#isMade = true;
      return;
    }
    await makeDirectoryDurably(dirname(this.#gitdir));
    await makeDirectoryDurably(this.#staging);
    const draft = join(this.#staging, randomBytes(12).toString('hex') + suffix);
    await init({ fs: this.#fs, gitdir: draft, bare: true, defaultBranch: 'main' });
    await rename(draft, this.#gitdir);
    await syncDirectory(dirname(this.#gitdir));
    this.#isMade = true;
  }

  #place() {
    return { fs: this.#fs, gitdir: this.#gitdir };
  }

  async #writeOne({ oid, type, body }: GitObject): Promise<void> {
    const written = await writeObject({ ...this.#place(), type, object: body, format: 'content' });
    if (written !== oid) throw new Error(`object ${oid} is stored as ${written}`);
  }

  async #resolve(ref: string): Promise<string | undefined> {
    try {
      return await resolveRef({ ...this.#place(), ref });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'NotFoundError';
}
