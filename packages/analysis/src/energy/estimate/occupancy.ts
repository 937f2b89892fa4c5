import { at } from './matrix.ts';
import type { ValidCalls } from './validCalls.ts';

/**
 * Weighted number of calls in flight, as the mean over the window of each sample. The time within the window at which
 * the meter really looked scatters around this mean; an error of that kind leaves the slope of a regression true
 * (Berkson 1950), as long as the window is not too narrow.
 *
 * Linear in samples and calls: each end of a call changes the windows around it, and all later ones by the same.
 */
export function occupancy(windowFrom: Float64Array, windowTo: Float64Array, calls: ValidCalls): Float64Array {
  const windows = windowFrom.length;
  const partial = new Float64Array(windows);
  const whole = new Float64Array(windows + 1); // whole[i]: added to all windows before i
  let hint = 0;
  const passed = (time: number, weight: number) => {
    hint = firstAfter(windowTo, time, hint);
    whole[hint] = at(whole, hint) + weight;
    for (let i = hint; i < windows && at(windowFrom, i) < time; i++) {
      partial[i] = at(partial, i) + weight * (time - at(windowFrom, i));
    }
  };
  for (let k = 0; k < calls.starts.length; k++) {
    const weight = at(calls.weights, k);
    passed(at(calls.starts, k), -weight);
    passed(at(calls.ends, k), weight);
  }
  let later = 0;
  for (let i = windows - 1; i >= 0; i--) {
    later += at(whole, i + 1);
    partial[i] = at(partial, i) / (at(windowTo, i) - at(windowFrom, i)) + later;
  }
  return partial;
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
