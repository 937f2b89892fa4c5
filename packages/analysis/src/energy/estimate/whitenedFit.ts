import { type Autoregression, autoregression, repeatingLag, unpredicted } from './autoregression.ts';
import { dot } from './matrix.ts';
import { type Combination, RobustFit } from './robustFit.ts';

/** Six lags follow three sines. Two more made the intervals too narrow in the simulation (energy-table). */
const maxOrder = 6;
/** A lag needs this many samples to be estimated. */
const samplesPerLag = 25;
/** The fit changes by less than its error after the third pass. */
const passes = 3;
/** Rows that have to be left over for the error, beyond one for each coefficient. */
const spareRows = 8;

/** The line of what runs besides the calls, in watts, and what each operation adds to it. */
export interface WhitenedFit {
  /** Watts that one unit of occupancy adds, for each column. */
  readonly slopes: Float64Array;
  /** Samples less what the columns explain, W. */
  readonly background: Float64Array;
  /** How well a combination of the slopes is known; `rowWeights` are of the samples themselves. */
  along(weights: ArrayLike<number>): Combination;
  /** Covariance matrix of several combinations of the slopes. */
  covariance(combinations: readonly ArrayLike<number>[]): Float64Array[];
}

/**
 * Regression of the samples on the columns under a background whose spectrum is not known: feasible generalised least
 * squares. Samples and columns pass the filter that makes the background white (Cochrane and Orcutt 1949; with rows that
 * follow a gap left out, not transformed as Prais and Winsten 1954 do, because the start of a run adds little and its
 * variance is not known). The first filter is the first difference; then filter and slopes are estimated in turn.
 *
 * @param watts samples, W
 * @param columns occupancy of each operation in the window of each sample
 * @param run for each sample, how many samples stand before it without a gap
 * @param quantumWatts step of the meter, W: errors are never taken as smaller than it allows
 * @returns undefined when the columns are not independent of each other and of a straight line, or samples are too few
 */
export function whitenedFit(
  watts: Float64Array,
  columns: readonly Float64Array[],
  run: Int32Array,
  quantumWatts: number,
): WhitenedFit | undefined {
  const noise = quantumWatts ** 2 / 12; // variance of a rounding error, uniform over one step
  const order = Math.max(1, Math.min(maxOrder, Math.floor(watts.length / samplesPerLag)));
  let lags = Array.from({ length: order }, (_, i) => i + 1);
  let filter: Autoregression = { lags: [1], weights: Float64Array.of(1) };
  let fitted = fitFiltered(watts, columns, run, filter, noise);
  if (fitted === undefined) return undefined;
  for (let pass = 0; pass < passes; pass++) {
    const background = backgroundOf(watts, columns, fitted.fit.coefficients);
    const next = autoregression(background, run, lags, noise);
    const refitted = next && fitFiltered(watts, columns, run, next, noise);
    if (next === undefined || refitted === undefined) break;
    filter = next;
    fitted = refitted;
    const repeated = pass === 0 ? repeatingLag(background, run, filter) : undefined;
    if (repeated !== undefined) lags = [...lags, repeated];
  }
  const { fit, rows } = fitted;
  const padded = (weights: ArrayLike<number>) => [...Array.from(weights), 0, 0];
  return {
    slopes: fit.coefficients.slice(0, columns.length),
    background: backgroundOf(watts, columns, fit.coefficients),
    along(weights) {
      const combination = fit.along(padded(weights));
      // The filter was estimated from the same rows: each of its coefficients costs one of them.
      const spent = rows.length / Math.max(1, rows.length - filter.lags.length);
      const rowWeights = new Float64Array(watts.length);
      rows.forEach((k, i) => {
        const z = combination.rowWeights[i] ?? 0;
        rowWeights[k] = (rowWeights[k] ?? 0) + z;
        filter.lags.forEach((lag, l) => {
          rowWeights[k - lag] = (rowWeights[k - lag] ?? 0) - (filter.weights[l] ?? 0) * z;
        });
      });
      return {
        variance: combination.variance * spent,
        degreesOfFreedom: Math.max(1, combination.degreesOfFreedom / spent),
        rowWeights,
      };
    },
    covariance: (combinations) => fit.covariance(combinations.map(padded)),
  };
}

/** How many samples with another one just before them a fit takes at least: the first filter has one lag. */
export function samplesNeeded(columns: number): number {
  return 2 + columns + spareRows;
}

function fitFiltered(
  watts: Float64Array,
  columns: readonly Float64Array[],
  run: Int32Array,
  filter: Autoregression,
  noise: number,
): { readonly fit: RobustFit; readonly rows: Int32Array } | undefined {
  const longest = filter.lags.at(-1) ?? 0;
  const rows = run.map((_, k) => k).filter((k) => (run[k] ?? 0) >= longest);
  if (rows.length < 2 * filter.lags.length + columns.length + spareRows) return undefined;
  const whitened = (values: Float64Array) => {
    const out = new Float64Array(rows.length);
    for (let i = 0; i < out.length; i++) out[i] = unpredicted(values, rows[i] ?? 0, filter);
    return out;
  };
  const level = new Float64Array(rows.length).fill(1);
  const trend = Float64Array.from(rows, (k) => k / watts.length - 0.5);
  const fit = RobustFit.of(whitened(watts), [...columns.map(whitened), level, trend], {
    lags: filter.lags.filter((lag) => lag <= maxOrder).length,
    // A filter that takes off the value one period ago leaves both errors: rows a period apart share one.
    farLag: filter.lags.find((lag) => lag > maxOrder),
    leastVariance: noise * (1 + dot(filter.weights, filter.weights)),
  });
  return fit && { fit, rows };
}

function backgroundOf(watts: Float64Array, columns: readonly Float64Array[], slopes: Float64Array): Float64Array {
  const background = watts.slice();
  columns.forEach((column, j) => {
    const slope = slopes[j] ?? 0;
    for (let k = 0; k < background.length; k++) background[k] = (background[k] ?? 0) - slope * (column[k] ?? 0);
  });
  return background;
}
