import type { FileHandle } from 'node:fs/promises';
import type { Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/log.ts';
import type { Route } from '#kernel/route.ts';
import { Scope } from '#kernel/scope.ts';
import type { DataClaim, Health, Service } from '#kernel/service.ts';
import type { FilesConfig } from './config.ts';
import { fileRoutes } from './file-routes.ts';
import { FileShelf } from './file-shelf.ts';
import { Owners } from './owners.ts';
import { Quarantine } from './quarantine.ts';
import { Uploads } from './uploads.ts';

/** What the service is built from. */
export interface FilesServiceDeps {
  /** Absolute path of something below the data directory. */
  path(below: string): string;
  /** Parties of the mission, who share the room. */
  partiesCount(): number;
  /** Whether the mission was sealed before this start; never, when absent. */
  wasSealed?: () => Promise<boolean>;
  clock: Clock;
  log: Logger;
}

const sweepEveryMs = 3_600_000;

/** Keeps the files that people share: sealed by their devices, found by their hash. */
export class FilesService implements Service {
  readonly name = 'files';
  readonly needs: readonly string[] = [];
  readonly claims: readonly DataClaim[] = [
    { path: 'mission/files', kind: 'data', atTeardown: 'export-and-wipe' },
    { path: 'mission/files-quarantine', kind: 'data', atTeardown: 'wipe' },
    { path: 'mission/files-owners.log', kind: 'data', atTeardown: 'wipe' },
  ];
  /** All doors. */
  readonly routes: readonly Route[];
  readonly #deps: FilesServiceDeps;
  readonly #shelf: FileShelf;
  readonly #quarantine: Quarantine;
  readonly #owners: Owners;
  readonly #uploads: Uploads;
  #scope: Scope | undefined;
  #isClosing = false;

  constructor(deps: FilesServiceDeps, config: FilesConfig) {
    const { path, partiesCount, clock } = deps;
    this.#deps = deps;
    this.#shelf = new FileShelf(path('mission/files'));
    this.#quarantine = new Quarantine(path('mission/files-quarantine'));
    this.#owners = new Owners(path('mission/files-owners.log'));
    const [shelf, quarantine, owners] = [this.#shelf, this.#quarantine, this.#owners];
    const directory = path('mission');
    this.#uploads = new Uploads(
      { shelf, quarantine, owners, directory, partiesCount, clock },
      config,
    );
    this.routes = fileRoutes({
      uploads: this.#uploads,
      shelf,
      downloadsPerDeviceCount: config.downloadsPerDeviceCount,
      isClosing: () => this.#isClosing,
    });
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.#scope) return;
    signal.throwIfAborted();
    await this.#owners.load();
    await this.#shelf.load();
    await this.#quarantine.load();
    this.#uploads.begin((await this.#deps.wasSealed?.()) ?? false);
    signal.throwIfAborted();
    this.#isClosing = false;
    const scope = new Scope();
    scope.every(sweepEveryMs, () => this.#sweep());
    this.#scope = scope;
    this.#sweep();
  }

  /**
   * Seals the mission (T3): `write` puts down what files there are, sorted by address, while none is
   * added; when it says that it did, none ever is again.
   */
  seal(
    write: (files: (readonly [address: string, size: number])[]) => Promise<boolean>,
  ): Promise<boolean> {
    return this.#uploads.seal(() =>
      write([...this.#shelf.sizes].sort(([a], [b]) => (a < b ? -1 : 1))),
    );
  }

  /** Opens a whole file; the caller closes it. */
  open(address: string): Promise<FileHandle> {
    return this.#shelf.open(address);
  }

  async quiesce(): Promise<void> {
    this.#isClosing = true;
    await this.#uploads.settled();
  }

  async stop(): Promise<void> {
    const scope = this.#scope;
    this.#scope = undefined;
    await this.quiesce();
    await scope?.[Symbol.asyncDispose]();
  }

  health(): Health {
    if (!this.#scope) return { status: 'failed', says: 'The files are not open.' };
    const count = this.#shelf.sizes.size;
    return { status: 'ok', says: `${count} file${count === 1 ? ' is' : 's are'} stored.` };
  }

  #sweep(): void {
    this.#uploads.sweep().catch((error: unknown) => {
      this.#deps.log.warn({ err: error }, 'an unfinished file could not be removed');
    });
  }
}
