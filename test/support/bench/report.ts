/** One measured quantity of ours beside that of a program that does less or the same. */
export interface Measure {
  name: string;
  /** Such as `ms` or `MiB`; smaller is better. */
  unit: string;
  ours: number;
  rival: number;
  /** Largest `ours / rival` that we want to allow ourselves. */
  goal: number;
}

/** Prints a table for people and, as the last line, one JSON object for programs. */
export function report(bench: string, measures: readonly Measure[]): void {
  const rows = measures.map((measure) => {
    const ratio = measure.ours / measure.rival;
    return {
      ...measure,
      ours: round(measure.ours),
      rival: round(measure.rival),
      ratio: round(ratio),
      holds: ratio <= measure.goal,
    };
  });
  console.table(rows);
  console.log(JSON.stringify({ bench, rows }));
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

/** The middle one of an odd number of measurements: one slow run does not move it. */
export function median(values: readonly number[]): number {
  const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  if (middle === undefined) throw new Error('the median of nothing');
  return middle;
}
