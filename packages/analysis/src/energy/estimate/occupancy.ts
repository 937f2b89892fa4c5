import { at } from './matrix.ts';
import type { ValidCalls } from './validCalls.ts';

/** Where a meter looked for each sample, s: a box from `from` to `to`, whose place is known to `uncertainty` on either side. */
export interface MeterWindows {
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly uncertainty: Float64Array;
}

/** A box this much shorter than the other leaves it as it is. */
const NEGLIGIBLE = 1e-6;
/** Keeps the window of an instant wider than the rounding of its time, s. */
const LEAST_WIDTH = 1e-9;

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
    passedBy[hint] = at(passedBy, hint) + weight;
    for (let i = hint; i < count && at(reachFrom, i) < time; i++) {
      values[i] = at(values, i) + weight * shareBefore(i, time);
    }
  };
  for (let k = 0; k < calls.starts.length; k++) {
    const weight = at(calls.weights, k);
    passed(at(calls.starts, k), -weight);
    passed(at(calls.ends, k), weight);
  }
  let later = 0;
  for (let i = count - 1; i >= 0; i--) {
    later += at(passedBy, i + 1);
    values[i] = at(values, i) + later;
  }
  return values;
}

function windowShapes({ from, to, uncertainty }: MeterWindows): {
  readonly reachFrom: Float64Array;
  readonly reachTo: Float64Array;
  /** Share of the window of sample `i` that lies before `time`, 0 to 1. */
  readonly shareBefore: (i: number, time: number) => number;
} {
  const reachFrom = from.map((start, i) => start - Math.max(at(uncertainty, i), LEAST_WIDTH));
  const reachTo = to.map((end, i) => end + Math.max(at(uncertainty, i), LEAST_WIDTH));
  // Windows in order, so that an end of a call finds those around it; the reach is only where to look.
  for (let i = 1; i < reachTo.length; i++) reachTo[i] = Math.max(at(reachTo, i), at(reachTo, i - 1));
  for (let i = reachFrom.length - 2; i >= 0; i--) reachFrom[i] = Math.min(at(reachFrom, i), at(reachFrom, i + 1));
  return {
    reachFrom,
    reachTo,
    shareBefore(i, time) {
      const aperture = at(to, i) - at(from, i);
      const blur = 2 * Math.max(at(uncertainty, i), LEAST_WIDTH);
      const long = Math.max(aperture, blur);
      const short = Math.min(aperture, blur);
      const z = time - (at(from, i) + at(to, i)) / 2;
      if (short < NEGLIGIBLE * long) return Math.min(1, Math.max(0, z / long + 0.5));
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
  while (low > 0 && at(ascending, low - 1) > value) {
    high = low - 1;
    low = Math.max(0, low - step);
    step *= 2;
  }
  step = 1;
  while (high < ascending.length && at(ascending, high) <= value) {
    low = high + 1;
    high = Math.min(ascending.length, high + step);
    step *= 2;
  }
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(ascending, middle) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
