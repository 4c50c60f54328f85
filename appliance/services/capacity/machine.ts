/** What a machine has left, at one moment. */
export interface Sample {
  memory: { availableBytes: number; totalBytes: number };
  /** Share of the processor in use, 0…100. */
  loadPercent: number;
  /** Of the file system that holds the data directory. */
  storage: { freeBytes: number; totalBytes: number };
}

/** Looks at the machine. */
export interface Machine {
  /** `path` lies on the file system in question. */
  sample(path: string): Promise<Sample>;
}
