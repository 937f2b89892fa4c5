import type { ValidCalls } from './validCalls.ts';

/** Where a meter looked for each sample, s: a box from `from` to `to`, whose place is known to `uncertainty` on either side. */
export interface MeterWindows {
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly uncertainty: Float64Array;
}

/** A box this much shorter than the other leaves it as it is. */
const negligible = 1e-6;
/** Keeps the window of an instant wider than the rounding of its time, s. */
const leastWidth = 1e-9;

/**
 * Weighted number of calls in flight, as its mean over what the meter may have seen for each sample: its window,
 * convolved with the uncertainty of its place. Where the meter really looked scatters around this mean, and an error of
 * that kind leaves the slope of a regression true (Berkson 1950). A window that is too wide costs precision, one that is
 * too narrow costs truth.
 *
 * Linear in samples and calls: each end of a call changes the windows around it, and all later ones by the same.
 */
export function occupancy(windows: MeterWindows, calls: ValidCalls): Float64Array {
  const { reachFrom, reachTo, shareBefore } = windowShapes(windows);
  const count = reachFrom.length;
  const values = new Float64Array(count);
  const passedBy = new Float64Array(count + 1); // passedBy[i] counts for all windows before i
  let hint = 0;
  const passed = (time: number, weight: number) => {
    hint = firstAfter(reachTo, time, hint);
    passedBy[hint] = (passedBy[hint] ?? 0) + weight;
    for (let i = hint; i < count && (reachFrom[i] ?? 0) < time; i++) {
      values[i] = (values[i] ?? 0) + weight * shareBefore(i, time);
    }
  };
  for (let k = 0; k < calls.starts.length; k++) {
    const weight = calls.weights[k] ?? 0;
    passed(calls.starts[k] ?? 0, -weight);
    passed(calls.ends[k] ?? 0, weight);
  }
  let later = 0;
  for (let i = count - 1; i >= 0; i--) {
    later += passedBy[i + 1] ?? 0;
    values[i] = (values[i] ?? 0) + later;
  }
  return values;
}

function windowShapes({ from, to, uncertainty }: MeterWindows): {
  readonly reachFrom: Float64Array;
  readonly reachTo: Float64Array;
  /** Share of the window of sample `i` that lies before `time`, 0 to 1. */
  readonly shareBefore: (i: number, time: number) => number;
} {
  const reachFrom = from.map((start, i) => start - Math.max(uncertainty[i] ?? 0, leastWidth));
  const reachTo = to.map((end, i) => end + Math.max(uncertainty[i] ?? 0, leastWidth));
  // Windows in order, so that an end of a call finds those around it; the reach is only where to look.
  for (let i = 1; i < reachTo.length; i++) reachTo[i] = Math.max(reachTo[i] ?? 0, reachTo[i - 1] ?? 0);
  for (let i = reachFrom.length - 2; i >= 0; i--) reachFrom[i] = Math.min(reachFrom[i] ?? 0, reachFrom[i + 1] ?? 0);
  return {
    reachFrom,
    reachTo,
    shareBefore(i, time) {
      const aperture = (to[i] ?? 0) - (from[i] ?? 0);
      const blur = 2 * Math.max(uncertainty[i] ?? 0, leastWidth);
      const long = Math.max(aperture, blur);
      const short = Math.min(aperture, blur);
      const z = time - ((from[i] ?? 0) + (to[i] ?? 0)) / 2;
      if (short < negligible * long) return Math.min(1, Math.max(0, z / long + 0.5));
      // The integral of a trapezoid: four ramps of its second derivative.
      const outer = (long + short) / 2;
      const inner = (long - short) / 2;
      const share = (ramp(z + outer) - ramp(z + inner) - ramp(z - inner) + ramp(z - outer)) / (long * short);
      return Math.min(1, Math.max(0, share));
    },
  };
}

function ramp(z: number): number {
  return z > 0 ? (z * z) / 2 : 0;
}

/** Index of the first element above `value` in an ascending array; quick where `hint` is close to it. */
function firstAfter(ascending: Float64Array, value: number, hint: number): number {
  let low = hint;
  let high = hint;
  let step = 1;
  while (low > 0 && (ascending[low - 1] ?? 0) > value) {
    high = low - 1;
    low = Math.max(0, low - step);
    step *= 2;
  }
  step = 1;
  while (high < ascending.length && (ascending[high] ?? 0) <= value) {
    low = high + 1;
    high = Math.min(ascending.length, high + step);
    step *= 2;
  }
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
