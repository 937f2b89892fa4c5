import { dot } from './matrix.ts';

/** How the power besides the calls moves, in W². */
export interface Background {
  /** Variance about its mean: what a time without samples can differ by. */
  readonly level: number;
  /** For each sample, how far the power departs from the straight line between the samples. */
  readonly missed: Float64Array;
  readonly meanMissed: number;
  /** Variance of the mean of all covered time from edges that always fall at one place between two samples. */
  readonly inStep: number;
}

/** Of a sample and the mean of its two neighbours, with independent errors of variance 1: 1 + 1/4 + 1/4. */
const neighbourVariance = 1.5;

/**
 * @param background samples less what the calls explain, W
 * @param run for each sample, how many stand before it at regular steps
 * @param quantumWatts no error is taken as smaller than the rounding of the meter
 * @param isAveraging a meter that averages sees every edge; one that looks at instants may never see some
 */
export function describeBackground(
  background: Float64Array,
  run: Int32Array,
  quantumWatts: number,
  isAveraging: boolean,
): Background {
  const count = background.length;
  let mean = 0;
  for (const value of background) mean += value / count;
  let level = 0;
  for (const value of background) level += (value - mean) ** 2 / count;
  const missed = new Float64Array(count).fill(Number.NaN);
  let sum = 0;
  let known = 0;
  for (let k = 1; k < count - 1; k++) {
    if ((run[k] ?? 0) < 1 || (run[k + 1] ?? 0) < 1) continue;
    const miss = (background[k] ?? 0) - ((background[k - 1] ?? 0) + (background[k + 1] ?? 0)) / 2;
    missed[k] = Math.max(miss ** 2 / neighbourVariance, quantumWatts ** 2 / 12);
    sum += missed[k] ?? 0;
    known++;
  }
  const meanMissed = known > 0 ? sum / known : Math.max(level, quantumWatts ** 2 / 12);
  // At the ends of a run one neighbour is missing: the mean of the others stands in.
  for (let k = 0; k < count; k++) if (Number.isNaN(missed[k])) missed[k] = meanMissed;
  return {
    level: Math.max(level, quantumWatts ** 2 / 12),
    missed,
    meanMissed,
    inStep: isAveraging ? 0 : inStep(background, run),
  };
}

/** Longest period of a job, in samples, that is looked for. */
const longestLag = 64;
/** Differences that repeat with more than this correlation belong to a job in step with the sampling. */
const repeats = 0.5;

/**
 * A job in step with the sampling has each of its edges at one place between two samples, in every period of it: the
 * error is the same each time and does not average out. An edge uniform between two samples misses step² / 12.
 */
function inStep(background: Float64Array, run: Int32Array): number {
  const count = background.length;
  const steps = background.map((value, k) => ((run[k] ?? 0) >= 1 ? value - (background[k - 1] ?? 0) : 0));
  const power = dot(steps, steps);
  let best = repeats;
  let bestLag = 0;
  for (let lag = 2; lag <= Math.min(longestLag, count / 4); lag++) {
    let products = 0;
    for (let k = lag; k < count; k++) products += (steps[k] ?? 0) * (steps[k - lag] ?? 0);
    const correlation = (products * count) / (count - lag) / power;
    if (correlation > best) {
      best = correlation;
      bestLag = lag;
    }
  }
  return bestLag === 0 ? 0 : ((power / count) * best) / (12 * bestLag);
}
