import type { SampleGrid } from './sampleGrid.ts';
import type { SettledCalls } from './settledCalls.ts';

/** The time of all operations together. A moment with calls of several operations is in it once. */
export function combinedCalls(settled: readonly SettledCalls[], grid: SampleGrid): SettledCalls {
  return {
    calls: sum(settled, (time) => time.calls),
    bySample: summed(
      settled.map((time) => time.bySample),
      grid.times.length,
    ),
    byGap: summed(
      settled.map((time) => time.byGap),
      grid.cells.gaps,
    ),
    together: summed(
      settled.map((time) => time.together),
      settled.length,
    ),
    seconds: sum(settled, (time) => time.seconds),
    coveredSeconds: sum(settled, (time) => time.coveredSeconds),
    weightedSeconds: sum(settled, (time) => time.weightedSeconds),
  };
}

/** Arrays of one length, added up element by element. */
export function summed(values: readonly Float64Array[], length: number): Float64Array {
  const out = new Float64Array(length);
  for (const column of values) for (let k = 0; k < length; k++) out[k] = (out[k] ?? 0) + (column[k] ?? 0);
  return out;
}

function sum(settled: readonly SettledCalls[], of: (time: SettledCalls) => number): number {
  return settled.reduce((total, time) => total + of(time), 0);
}
