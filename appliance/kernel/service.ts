/** How a service is doing, in a word and one sentence without secrets. */
export interface Health {
  status: 'ok' | 'degraded' | 'failed';
  /** One sentence for a person; no addresses, names, keys or content. */
  says: string;
}

/** Stored data that a service declares, so that export and wipe need no list of their own. */
export interface DataClaim {
  /** Path below the data directory. */
  path: string;
  kind: 'config' | 'data' | 'secret';
  /** `keep`: it is about the end itself and outlives the mission. Secrets are wiped last. */
  atTeardown: 'export-and-wipe' | 'wipe' | 'keep';
}

/**
 * A part of the box that is started, watched and stopped by the supervisor.
 * Constructors only store what they are given; `start` opens, `stop` closes.
 */
export interface Service {
  /** Kebab-case, equal to its folder; also its key in config, logs and `/healthz`. */
  readonly name: string;
  /** Names of the services that must run before this one. */
  readonly needs: readonly string[];
  /** Everything it keeps on disk; a contract test fails on any other file. */
  readonly claims: readonly DataClaim[];
  /**
   * Resolves when the service is ready. Idempotent. When it rejects or `signal`
   * aborts, nothing it opened stays open.
   */
  start(signal: AbortSignal): Promise<void>;
  /** Refuses new writes and finishes the running ones. */
  quiesce(): Promise<void>;
  /** Resolves when everything is closed. Idempotent; never rejects for "not started". */
  stop(): Promise<void>;
  /** Synchronous and cheap. */
  health(): Health;
}

/** How the whole box is doing; the answer of `/healthz`. */
export interface BoxHealth {
  status: Health['status'];
  services: Readonly<Record<string, Health>>;
}
