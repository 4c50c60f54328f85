import { Buffer } from 'buffer/';
import { init, listRefs, readObject, resolveRef, writeObject, writeRef } from 'isomorphic-git';
import type { GitType } from '#protocol/codec/git-object.ts';
import type { GitObject } from '#protocol/pack/object.ts';
import type { Repository } from '#client/ports.ts';
import type { FileSystem } from './file-system.ts';

// isomorphic-git expects Node's Buffer as a global and brings none. The slash names the package,
// not Node's own module.
(globalThis as { Buffer?: unknown }).Buffer ??= Buffer;

const swarmRefs = 'refs/swarm';

/** One swarm's objects and refs in a bare git repository, as stock git could read it. */
export class GitRepository implements Repository {
  readonly #files: FileSystem;
  readonly #gitdir: string;
  /** Shared with isomorphic-git, which is several times slower without. */
  readonly #cache = {};

  private constructor(files: FileSystem, gitdir: string) {
    this.#files = files;
    this.#gitdir = gitdir;
  }

  /** Opens the repository of one swarm, making it if absent. */
  static async open(files: FileSystem, cid: string): Promise<GitRepository> {
    const gitdir = `/${cid}.git`;
    await files.mkdir(gitdir);
    await init({ fs: files.forGit, gitdir, bare: true, defaultBranch: 'main' });
    return new GitRepository(files, gitdir);
  }

  async read(oid: string): Promise<GitObject | undefined> {
    try {
      const found = await readObject({ ...this.#where(), oid, format: 'content' });
      if (!isType(found.type) || !(found.object instanceof Uint8Array)) return undefined;
      return { oid, type: found.type, body: Uint8Array.from(found.object) };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async write(objects: readonly GitObject[]): Promise<void> {
    for (const { type, body } of objects) {
      await writeObject({ ...this.#where(), type, object: body, format: 'content' });
    }
  }

  async refs(): Promise<ReadonlyMap<string, string>> {
    const names = await listRefs({ ...this.#where(), filepath: swarmRefs });
    const found = new Map<string, string>();
    for (const name of names) {
      const ref = `${swarmRefs}/${name}`;
      found.set(ref, await resolveRef({ ...this.#where(), ref }));
    }
    return found;
  }

  async moveRef(name: string, oid: string): Promise<void> {
    await writeRef({ ...this.#where(), ref: name, value: oid, force: true });
  }

  flush(): Promise<void> {
    return this.#files.flush();
  }

  #where() {
    return { fs: this.#files.forGit, gitdir: this.#gitdir, cache: this.#cache };
  }
}

function isType(type: string): type is GitType {
  return type === 'commit' || type === 'tree' || type === 'blob';
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'NotFoundError';
}
