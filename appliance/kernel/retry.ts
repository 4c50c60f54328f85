/** How long to wait before trying again, doubling from `firstMs` up to `ceilingMs`. */
export interface BackOff {
  firstMs: number;
  ceilingMs: number;
}

/** The pause after the given number of failures in a row (≥ 1), in milliseconds. */
export function pauseMs(failures: number, backOff: BackOff): number {
  // Beyond 2^30 the ceiling holds anyway; the bound keeps the power finite.
  const doublings = Math.min(Math.max(failures - 1, 0), 30);
  return Math.min(backOff.firstMs * 2 ** doublings, backOff.ceilingMs);
}
