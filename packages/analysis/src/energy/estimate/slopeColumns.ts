import type { SettledCalls } from './settledCalls.ts';

/** Operations with a slope of their own; all beyond share one, for the sake of the others. */
export const maxSlopes = 32;

/** The column of the regression that each operation has: operations with much time have one each, the others share the last. */
export function columnsByTime(settled: readonly SettledCalls[]): number[] {
  const order = settled
    .map((_, j) => j)
    .sort((a, b) => (settled[b]?.weightedSeconds ?? 0) - (settled[a]?.weightedSeconds ?? 0));
  const columnOf = new Array<number>(settled.length).fill(0);
  order.forEach((j, rank) => {
    columnOf[j] = Math.min(rank, maxSlopes);
  });
  return columnOf;
}

/** Occupancy of each column, from that of each operation. */
export function summedByColumn(occupancies: readonly Float64Array[], columnOf: readonly number[]): Float64Array[] {
  const columns: Float64Array[] = [];
  occupancies.forEach((values, j) => {
    const column = columnOf[j] ?? 0;
    const known = columns[column];
    columns[column] = known ? known.map((value, k) => value + (values[k] ?? 0)) : values;
  });
  return columns;
}

/** Values of operations, summed to their columns. */
export function byColumn(values: ArrayLike<number>, columnOf: readonly number[], columns: number): Float64Array {
  const out = new Float64Array(columns);
  for (let j = 0; j < values.length; j++) {
    const column = columnOf[j] ?? 0;
    out[column] = (out[column] ?? 0) + (values[j] ?? 0);
  }
  return out;
}
