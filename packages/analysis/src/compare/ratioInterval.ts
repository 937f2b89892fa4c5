import { Evidence } from './evidence.ts';
import { excess, type FigurePair, type FigureScale } from './figurePair.ts';
import { neededLog } from './sequentialTest.ts';

/** The ratio of candidate to baseline that all pairs together show. */
export interface RatioEstimate {
  /** The ratio of the pair in the middle; of shares that of the sums. Undefined where both are 0. */
  readonly ratio: number | undefined;
  /** Every ratio from here to `high` agrees with the pairs. 0: it has no lower end yet. */
  readonly low: number;
  /** Infinity: it has no upper end yet, or the baseline is 0. */
  readonly high: number;
}

/** Ratios are looked for within e^±7, a factor of 1,100. */
const widestLog = 7;
/** Each step halves what is left: 2^-24 of the range is 1e-6 of the ratio. */
const steps = 24;

/**
 * The interval of the ratio that holds at any number of pairs (a confidence sequence): the ratios that the evidence on either
 * side has not refuted. It is 1 − 0.05 / tests wide.
 */
export function ratioEstimate(pairs: readonly FigurePair[], scale: FigureScale, tests: number): RatioEstimate {
  const isRefuted = (log: number, side: 'above' | 'below') => {
    const evidence = new Evidence(Math.exp(log), side, scale);
    for (const pair of pairs) evidence.add(pair);
    return evidence.log >= neededLog(tests);
  };
  const ends = pairs.map((pair) => Math.log(pair.candidate / pair.baseline)).filter(Number.isFinite);
  const [lowest, highest] =
    scale === 'ratio' ? [Math.min(...ends) - 1, Math.max(...ends) + 1] : [-widestLog, widestLog];
  const low = edge(lowest, highest, (log) => isRefuted(log, 'above'));
  const high = edge(highest, lowest, (log) => isRefuted(log, 'below'));
  return {
    ratio: ratioOf(pairs, scale),
    low: low === undefined ? 0 : Math.exp(low),
    high: high === undefined ? Number.POSITIVE_INFINITY : Math.exp(high),
  };
}

/** Where what is refuted at `from` ceases to be. `to` where it never does. Undefined when it is not refuted at `from`. */
function edge(from: number, to: number, isRefuted: (log: number) => boolean): number | undefined {
  if (!isRefuted(from)) return undefined;
  if (isRefuted(to)) return to;
  let [refuted, open] = [from, to];
  for (let step = 0; step < steps; step++) {
    const middle = (refuted + open) / 2;
    if (isRefuted(middle)) refuted = middle;
    else open = middle;
  }
  return refuted;
}

function ratioOf(pairs: readonly FigurePair[], scale: FigureScale): number | undefined {
  if (pairs.length === 0) return undefined;
  if (scale === 'share') {
    const [candidate, baseline] = [sum(pairs, 'candidate'), sum(pairs, 'baseline')];
    return candidate === 0 && baseline === 0 ? undefined : candidate / baseline;
  }
  return Math.exp(middleOf(pairs.map((pair) => excess(pair, 1, 'ratio'))));
}

/** The median: the mean of the two in the middle where their number is even. NaN of no values. */
export function middleOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? Number.NaN) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2;
}

function sum(pairs: readonly FigurePair[], program: 'candidate' | 'baseline'): number {
  return pairs.reduce((total, pair) => total + pair[program], 0);
}
