import { percentile, type Random, studentQuantile } from '@benchlab-otel/analysis';

/** How much a figure of one session would change, had the same pipeline run on. */
export interface Spread {
  readonly stderr: number;
  /** Degrees of freedom: independent stretches of the session less one. */
  readonly degrees: number;
}

/** Repetitions for each length of a stretch: the standard error then has an error of its own of 6 %. */
const repetitions = 150;
/** With fewer stretches than this a standard error is a guess. */
const fewestBlocks = 8;

/**
 * How many frames a stretch has, in several choices. Frames that are near each other in time have latencies that are alike, so a
 * stretch must be longer than that lasts: twice the time over which ranks are correlated, by the window of Sokal, and not
 * less than the cube root of the number of values (Künsch 1989). A machine that is busy for a minute now and then is alike for longer than a
 * recording shows: therefore an eighth and a sixteenth of the session too. The choice with the widest interval counts.
 */
function blockLengths(values: ArrayLike<number>): readonly number[] {
  const n = values.length;
  const longest = Math.max(1, Math.floor(n / fewestBlocks));
  const ranks = centredRanks(values);
  const power = correlationSum(ranks, 0);
  let time = 1;
  for (let lag = 1; power > 0 && lag < Math.min(longest, 5 * time); lag++) {
    time += 2 * (correlationSum(ranks, lag) / power);
  }
  const own = Math.ceil(Math.max(Math.cbrt(n), 2 * time));
  return [...new Set([own, longest >> 1, longest].map((length) => Math.max(1, Math.min(longest, length))))];
}

/** The spread that makes the widest interval. */
function widest(spreads: readonly Spread[]): Spread {
  const reach = ({ stderr, degrees }: Spread) => stderr * studentQuantile(degrees);
  return spreads.reduce((a, b) => (reach(b) > reach(a) ? b : a));
}

/** Ranks with mean 0: a single frame of a second must not hide how the others hang together. */
function centredRanks(values: ArrayLike<number>): Float64Array {
  const ranks = new Float64Array(values.length);
  const order = sortedOrder(values);
  for (const [rank, at] of order.entries()) ranks[at] = rank - (values.length - 1) / 2;
  return ranks;
}

function correlationSum(ranks: Float64Array, lag: number): number {
  let sum = 0;
  for (let at = lag; at < ranks.length; at++) sum += (ranks[at] ?? 0) * (ranks[at - lag] ?? 0);
  return sum;
}

/** The places of the values, from the least to the greatest. */
function sortedOrder(values: ArrayLike<number>): Uint32Array {
  const order = Uint32Array.from({ length: values.length }, (_, at) => at);
  return order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
}

/**
 * The spread of the logarithm of a percentile: how much the share of values below it varies, read back as values (Woodruff 1952). A
 * pipeline that is fast or slow, and little between, has a median that jumps: its share of fast frames does not.
 *
 * @param values above 0, in the order of time
 * @param outside share outside of the interval that is wanted
 */
export function percentileSpread(values: ArrayLike<number>, percent: number, random: Random, outside: number): Spread {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => Math.log(percentile(sorted, Math.min(100, Math.max(0, 100 * share))) ?? 1);
  const share = percent / 100;
  const middle = at(share);
  const isBelow = Float64Array.from(values, (value) => Number(Math.log(value) <= middle));
  const { stderr, degrees } = meanSpread(isBelow, random);
  const factor = studentQuantile(degrees, outside);
  const reach = Math.max(at(share + factor * stderr) - middle, middle - at(share - factor * stderr));
  return { stderr: reach / factor, degrees };
}

/**
 * The spread of the mean, by drawing stretches of the session with replacement. A stretch that begins near the end continues at the
 * beginning, so that each frame is drawn as often.
 */
export function meanSpread(values: ArrayLike<number>, random: Random): Spread {
  const n = values.length;
  const sums = new Float64Array(2 * n + 1);
  for (let at = 0; at < 2 * n; at++) sums[at + 1] = (sums[at] ?? 0) + (values[at % n] ?? 0);
  const spreads = blockLengths(values).map((length) => {
    const means = Array.from({ length: repetitions }, () => {
      let sum = 0;
      for (let left = n; left > 0; left -= length) {
        const start = Math.floor(random.uniform() * n);
        sum += (sums[start + Math.min(length, left)] ?? 0) - (sums[start] ?? 0);
      }
      return sum / n;
    });
    return spreadOf(means, n / length);
  });
  return widest(spreads);
}

/** Drawing from `blocks` stretches makes a variance that is too small by one part of them, as for any mean. */
function spreadOf(drawn: readonly number[], blocks: number): Spread {
  const degrees = Math.max(1, Math.floor(blocks) - 1);
  return { stderr: deviation(drawn) * Math.sqrt(blocks > 1 ? blocks / (blocks - 1) : 1), degrees };
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  return Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, values.length - 1));
}
