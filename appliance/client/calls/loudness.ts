/** Loudness, 0…1, from which somebody counts as speaking. */
const loud = 0.02;

/** Whether this loudness is speech rather than a quiet room. */
export function isLoud(level: number): boolean {
  return level >= loud;
}
