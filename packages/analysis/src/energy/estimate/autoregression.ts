import { invert, times } from './matrix.ts';

/** Predicts a value from those before it: value k is about the sum of `weights[i]` times value `k - lags[i]`. */
export interface Autoregression {
  /** Ascending. */
  readonly lags: readonly number[];
  readonly weights: Float64Array;
}

/** Keeps the matrix regular where the series is a pure sine, whose lags are exact multiples of each other. */
const ridgeShare = 1e-9;

/**
 * Weights of an autoregressive series, by least squares on its lags (Durbin 1960). Two lags follow a sine of any
 * frequency, aliased or not; a drift and a slow noise need one.
 *
 * @param series values at equal steps; its mean is taken out here
 * @param run for each value, how many values stand before it without a gap: no lag crosses a gap
 * @param lags which earlier values predict a value, ascending
 * @param noise variance of the noise on each value that no lag can predict, in the square of its unit
 * @returns undefined when no value has enough values before it, or nothing moves
 */
export function autoregression(
  series: Float64Array,
  run: Int32Array,
  lags: readonly number[],
  noise: number,
): Autoregression | undefined {
  const values = centred(series);
  const terms = [0, ...lags];
  const longest = terms.at(-1) ?? 0;
  const products = terms.map(() => new Float64Array(terms.length));
  let rows = 0;
  for (let k = longest; k < values.length; k++) {
    if ((run[k] ?? 0) < longest) continue;
    rows++;
    for (let a = 0; a < terms.length; a++) {
      const row = products[a];
      if (row === undefined) continue;
      const lagged = values[k - (terms[a] ?? 0)] ?? 0;
      for (let b = a; b < terms.length; b++) row[b] = (row[b] ?? 0) + lagged * (values[k - (terms[b] ?? 0)] ?? 0);
    }
  }
  const own = products[0];
  if (rows === 0 || own === undefined) return undefined;
  const ridge = rows * noise + ridgeShare * (own[0] ?? 0);
  const matrix = lags.map((_, a) =>
    Float64Array.from(lags, (_lag, b) => {
      const product = (products[Math.min(a, b) + 1] ?? own)[Math.max(a, b) + 1] ?? 0;
      return a === b ? product + ridge : product;
    }),
  );
  const inverse = invert(matrix);
  return inverse && { lags, weights: times(inverse, own.subarray(1)) };
}

/** Value `k` of a series less what the values before it predict. */
export function unpredicted(series: Float64Array, k: number, { lags, weights }: Autoregression): number {
  let value = series[k] ?? 0;
  for (let i = 0; i < lags.length; i++) value -= (weights[i] ?? 0) * (series[k - (lags[i] ?? 0)] ?? 0);
  return value;
}

/** Longest period of a job, in samples, that is looked for. */
const longestPeriod = 64;
/** Autocorrelation that a job shows; white noise stays within 4 standard errors, 4 / sqrt(n), at all lags. */
const leastCorrelation = 0.3;
const standardErrors = 4;

/**
 * Period of a job that runs by a timer, in samples: the lag beyond those of the filter at which what the filter left
 * over repeats most.
 *
 * @returns undefined when it does not repeat
 */
export function repeatingLag(series: Float64Array, run: Int32Array, filter: Autoregression): number | undefined {
  const longest = filter.lags.at(-1) ?? 0;
  const values = centred(series);
  const left = values.map((_, k) => ((run[k] ?? 0) >= longest ? unpredicted(values, k, filter) : 0));
  let power = 0;
  let rows = 0;
  for (let k = 0; k < left.length; k++) {
    power += (left[k] ?? 0) ** 2;
    if ((run[k] ?? 0) >= longest) rows++;
  }
  let best = Math.max(leastCorrelation, standardErrors / Math.sqrt(rows)) * power;
  let bestLag: number | undefined;
  for (let lag = longest + 1; lag <= Math.min(longestPeriod, rows / 4); lag++) {
    let products = 0;
    for (let k = lag; k < left.length; k++) products += (left[k] ?? 0) * (left[k - lag] ?? 0);
    if (products > best) {
      best = products;
      bestLag = lag;
    }
  }
  return bestLag;
}

function centred(series: Float64Array): Float64Array {
  let mean = 0;
  for (const value of series) mean += value;
  mean /= series.length;
  return series.map((value) => value - mean);
}
