/** Where a worker is reached by browsers. */
export interface SfuListen {
  /** Addresses of this machine, IPv4. */
  addresses: readonly string[];
  /** Told to browsers instead of `addresses`, for a box behind a translating router. */
  announcedAddress: string | undefined;
  /** UDP and TCP; 0 takes free ones. */
  port: number;
}

/** One room's switch: media of one producer goes to the consumers of the same router. */
export interface SfuRouter {
  readonly id: string;
  close(): void;
}

/** A process that forwards media, with one listener for all its routers. */
export interface SfuWorker {
  readonly pid: number;
  /** True once its process has ended without being asked to. */
  readonly isDead: boolean;
  openRouter(): Promise<SfuRouter>;
  /** Resolves when the process has ended. */
  close(): Promise<void>;
}

/** A selective forwarding unit: forwards encrypted frames, never opens them. */
export interface Sfu {
  /** Starts a worker; rejects with a Refusal when its port cannot be opened. */
  openWorker(listen: SfuListen): Promise<SfuWorker>;
}
