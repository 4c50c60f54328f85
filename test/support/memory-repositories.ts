import type { GitObject } from '#protocol/pack/object.ts';
import type { Repositories, Repository } from '../../appliance/services/swarm/repository.ts';

/** Repositories that forget when the test ends; held to the same contract as the real ones. */
export class MemoryRepositories implements Repositories {
  readonly #all = new Map<string, Repository>();
  readonly #written = new Set<string>();

  recover(): Promise<void> {
    return Promise.resolve();
  }

  list(): Promise<string[]> {
    return Promise.resolve([...this.#written].sort());
  }

  open(cid: string): Promise<Repository> {
    const repository = this.#all.get(cid) ?? memoryRepository(() => this.#written.add(cid));
    this.#all.set(cid, repository);
    return Promise.resolve(repository);
  }
}

function memoryRepository(onWrite: () => void): Repository {
  const objects = new Map<string, GitObject>();
  const refs = new Map<string, string>();
  return {
    read: (oid) => Promise.resolve(objects.get(oid)),
    write: (added) => {
      onWrite();
      for (const object of added) objects.set(object.oid, object);
      return Promise.resolve();
    },
    refs: () => Promise.resolve(new Map(refs)),
    move: (ref, from, to) => {
      if (refs.get(ref) !== from) return Promise.resolve(false);
      refs.set(ref, to);
      return Promise.resolve(true);
    },
    show: () => Promise.resolve(),
  };
}
