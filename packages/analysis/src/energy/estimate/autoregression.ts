import { invert, times } from './matrix.ts';

/** Keeps the matrix regular where the series is a pure sine, whose lags are exact multiples of each other. */
const RIDGE = 1e-9;

/**
 * Coefficients of an autoregressive series, by least squares on its lags (Durbin 1960): each value is predicted from the
 * values before it. Two lags follow a sine of any frequency, aliased or not; a drift and a slow noise need one.
 *
 * @param series values at equal steps; its mean is taken out here
 * @param run for each value, how many values stand before it without a gap: no lag crosses a gap
 * @param order number of lags
 * @param noise variance of the noise on each value that no lag can predict, in the square of its unit
 * @returns undefined when no value has `order` values before it
 */
export function autoregression(
  series: Float64Array,
  run: Int32Array,
  order: number,
  noise: number,
): Float64Array | undefined {
  let mean = 0;
  for (const value of series) mean += value;
  mean /= series.length;
  const centred = series.map((value) => value - mean);
  const products = Array.from({ length: order + 1 }, () => new Float64Array(order + 1));
  let rows = 0;
  for (let k = order; k < centred.length; k++) {
    if ((run[k] ?? 0) < order) continue;
    rows++;
    for (let a = 0; a <= order; a++) {
      const row = products[a];
      if (row === undefined) continue;
      const lagged = centred[k - a] ?? 0;
      for (let b = a; b <= order; b++) row[b] = (row[b] ?? 0) + lagged * (centred[k - b] ?? 0);
    }
  }
  const own = products[0];
  if (rows === 0 || own === undefined) return undefined;
  const ridge = rows * noise + RIDGE * (own[0] ?? 0);
  const lags = Array.from({ length: order }, (_, a) =>
    Float64Array.from({ length: order }, (_, b) => {
      const product = (products[Math.min(a, b) + 1] ?? own)[Math.max(a, b) + 1] ?? 0;
      return a === b ? product + ridge : product;
    }),
  );
  const inverse = invert(lags);
  return inverse && times(inverse, own.subarray(1));
}
