import LightningFs from '@isomorphic-git/lightning-fs';

/** What a repository needs of a file system. */
export interface FileSystem {
  /** The object that git reads and writes through. */
  readonly forGit: { promises: LightningFs.PromisifiedFS };
  mkdir(path: string): Promise<void>;
  /**
   * Writes the directory tree out. Without it a crashed tab loses what it wrote in the last
   * half second.
   */
  flush(): Promise<void>;
  /** Destroys all files. */
  wipe(): Promise<void>;
}

/** Files in IndexedDB, through lightning-fs. */
export function openFileSystem(name: string): FileSystem {
  const fs = new LightningFs(name);
  return {
    forGit: fs,
    async mkdir(path) {
      try {
        await fs.promises.mkdir(path);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
    },
    flush: () => fs.promises.flush(),
    async wipe() {
      fs.init(name, { wipe: true });
      // Waits until it is done: it happens when the files are used next.
      await fs.promises.stat('/');
    },
  };
}
