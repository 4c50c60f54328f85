/** Time as services see it, so that tests can move it. */
export interface Clock {
  /** Milliseconds since 1970, as this machine believes. May jump. */
  now(): number;
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonic(): number;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
