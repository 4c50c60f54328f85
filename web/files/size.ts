import { regionOf } from '../language/time.ts';

/** Bytes in the unit a person reads; one decimal from millions on. */
export function sizeWords(bytes: number, tag: string): string {
  const [unit, divisor] =
    bytes < 1000
      ? (['byte', 1] as const)
      : bytes < 1_000_000
        ? (['kilobyte', 1000] as const)
        : bytes < 1_000_000_000
          ? (['megabyte', 1_000_000] as const)
          : (['gigabyte', 1_000_000_000] as const);
  return new Intl.NumberFormat(regionOf(tag), {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: divisor >= 1_000_000 ? 1 : 0,
  }).format(bytes / divisor);
}
