import type { EnergyFigure } from '../energyEstimate.ts';
import { estimateEnergy } from '../estimateEnergy.ts';
import { type BenchCell, simulatedBench } from './simulatedBench.ts';

/** What the runs of one cell came to. Shares are 0 to 1; errors and half widths are shares of the true whole energy. */
export interface CellResult {
  readonly runs: number;
  readonly figures: number;
  readonly wholeHeld: number;
  /** Runs with a figure of the added energy, and the share of them whose interval holds the truth. */
  readonly addedFigures: number;
  readonly addedHeld: number;
  readonly bias: number;
  readonly rms: number;
  readonly wholeHalf: number;
  readonly addedHalf: number;
  /** Runs whose added energy is reported as not different from 0. */
  readonly zero: number;
}

/** Seeds of neighbouring runs are far from each other. */
const seedStep = 7919;

export function cellResult(cell: BenchCell, runs: number, firstSeed: number): CellResult {
  const errors: number[] = [];
  const wholeHalves: number[] = [];
  const addedHalves: number[] = [];
  let wholeHeld = 0;
  let addedHeld = 0;
  let zero = 0;
  let used = 0;
  for (let run = 0; run < runs; run++) {
    const { input, truth } = simulatedBench(cell, firstSeed + run * seedStep);
    if (!(truth.whole > 0)) continue;
    used++;
    const { whole, added } = estimateEnergy(input).total;
    if (whole.kind === 'figure') {
      errors.push(whole.joules / truth.whole - 1);
      wholeHalves.push((whole.high - whole.low) / 2 / truth.whole);
      wholeHeld += Number(holds(whole, truth.whole));
    }
    if (added.kind !== 'none') {
      addedHalves.push((added.high - added.low) / 2 / truth.whole);
      addedHeld += Number(holds(added, truth.added));
      zero += Number(added.kind === 'not-different-from-zero');
    }
  }
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return {
    runs: used,
    figures: errors.length,
    wholeHeld: wholeHeld / errors.length,
    addedFigures: addedHalves.length,
    addedHeld: addedHeld / addedHalves.length,
    bias: mean(errors),
    rms: Math.sqrt(mean(errors.map((error) => error ** 2))),
    wholeHalf: median(wholeHalves),
    addedHalf: median(addedHalves),
    zero: zero / addedHalves.length,
  };
}

export function holds({ low, high }: EnergyFigure, truth: number): boolean {
  return low <= truth && truth <= high;
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
