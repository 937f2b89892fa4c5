import type { NoFigureReason } from './energyEstimate.ts';
import type { SampleGrid } from './sampleGrid.ts';
import { samplesNeeded, type WhitenedFit, whitenedFit } from './whitenedFit.ts';

/** The watts that each operation adds, as far as the samples show them. */
export interface Slopes {
  readonly fit: WhitenedFit | undefined;
  /** Watts per unit of occupancy; undefined where the samples do not show them. */
  readonly watts: readonly (number | undefined)[];
  /** Why the slope of a column is not known; undefined where it is. */
  readonly unknown: readonly (NoFigureReason | undefined)[];
  /** Samples less what the operations explain, W. */
  readonly background: Float64Array;
  /**
   * Variance of a combination of all slopes. A slope that is not known lies between minus and plus the mean power, since
   * the calls cannot add more than there is: its variance is the square of that, and unknown slopes may err together.
   */
  along(weights: ArrayLike<number>): {
    readonly variance: number;
    readonly degreesOfFreedom: number;
    readonly rowWeights: Float64Array | undefined;
  };
}

/** Occupancy that changes by less than this share of its mean square from sample to sample counts as constant. */
const constantBelow = 1e-9;

export function slopesOf(grid: SampleGrid, columns: readonly Float64Array[], quantumWatts: number): Slopes {
  const { watts, run } = grid;
  const usable = columns.flatMap((column, j) => (changes(column, run) ? [j] : []));
  const needed = samplesNeeded(usable.length);
  const connected = run.reduce((count, before) => count + Number(before >= 1), 0);
  const fit =
    usable.length > 0 && connected >= needed
      ? whitenedFit(
          watts,
          usable.map((j) => columns[j] ?? new Float64Array()),
          run,
          quantumWatts,
        )
      : undefined;
  const whyNone: NoFigureReason =
    connected < needed
      ? { kind: 'too-few-samples', samples: connected, needed }
      : { kind: usable.length > 1 ? 'inseparable' : 'no-contrast' };
  let meanWatts = 0;
  for (const value of watts) meanWatts += value / watts.length;
  return {
    fit,
    watts: columns.map((_, j) => (fit && usable.includes(j) ? (fit.slopes[usable.indexOf(j)] ?? 0) : undefined)),
    unknown: columns.map((_, j): NoFigureReason | undefined => {
      if (!usable.includes(j)) return { kind: 'no-contrast' };
      return fit ? undefined : whyNone;
    }),
    background: fit?.background ?? watts,
    along(weights) {
      const known = fit?.along(usable.map((j) => weights[j] ?? 0));
      let unknown = 0;
      for (let j = 0; j < columns.length; j++) {
        if (!fit || !usable.includes(j)) unknown += Math.abs((weights[j] ?? 0) * meanWatts);
      }
      return {
        variance: (known?.variance ?? 0) + unknown ** 2,
        degreesOfFreedom: known?.degreesOfFreedom ?? Number.POSITIVE_INFINITY,
        rowWeights: known?.rowWeights,
      };
    },
  };
}

function changes(column: Float64Array, run: Int32Array): boolean {
  let steps = 0;
  let squares = 0;
  for (let k = 1; k < column.length; k++) {
    squares += (column[k] ?? 0) ** 2;
    if ((run[k] ?? 0) >= 1) steps += ((column[k] ?? 0) - (column[k - 1] ?? 0)) ** 2;
  }
  return steps > constantBelow * squares;
}
