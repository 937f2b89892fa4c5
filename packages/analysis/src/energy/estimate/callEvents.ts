import type { ValidCalls } from './validCalls.ts';

/** Starts and ends of the calls of all operations, by time. Parallel arrays. */
export interface CallEvents {
  /** Numbers of the events in order. */
  readonly order: Uint32Array;
  /** By number of the event: seconds, operation, weight, and 1 for a start. */
  readonly times: Float64Array;
  readonly operations: Uint32Array;
  readonly weights: Float64Array;
  readonly isStart: Uint8Array;
}

/**
 * Sorts the events in time that grows with their number only: first into the cells of time, which is a count, then within
 * each cell, where few are. Many events in one cell cost a plain sort.
 *
 * @param bounds ends of the cells, ascending, from minus to plus infinity
 */
export function callEvents(operations: readonly ValidCalls[], bounds: ArrayLike<number>): CallEvents {
  const count = 2 * operations.reduce((sum, { starts }) => sum + starts.length, 0);
  const times = new Float64Array(count);
  const owners = new Uint32Array(count);
  const weights = new Float64Array(count);
  const isStart = new Uint8Array(count);
  const cells = new Uint32Array(count);
  const places = new Uint32Array(bounds.length + 1);
  let event = 0;
  const add = (time: number, operation: number, weight: number, start: 0 | 1, hint: number) => {
    const cell = cellOf(bounds, time, hint);
    times[event] = time;
    owners[event] = operation;
    weights[event] = weight;
    isStart[event] = start;
    cells[event++] = cell;
    places[cell + 1] = (places[cell + 1] ?? 0) + 1;
    return cell;
  };
  operations.forEach((calls, operation) => {
    let cell = 0;
    for (let k = 0; k < calls.starts.length; k++)
      cell = add(calls.starts[k] ?? 0, operation, calls.weights[k] ?? 0, 1, cell);
    cell = 0;
    for (let k = 0; k < calls.ends.length; k++)
      cell = add(calls.ends[k] ?? 0, operation, calls.weights[k] ?? 0, 0, cell);
  });

  for (let cell = 1; cell < places.length; cell++) places[cell] = (places[cell] ?? 0) + (places[cell - 1] ?? 0);
  const next = places.slice();
  const order = new Uint32Array(count);
  for (let e = 0; e < count; e++) {
    const cell = cells[e] ?? 0;
    const place = next[cell] ?? 0;
    order[place] = e;
    next[cell] = place + 1;
  }
  for (let cell = 0; cell + 1 < places.length; cell++) {
    sortPart(order, places[cell] ?? 0, places[cell + 1] ?? 0, times, isStart);
  }
  return { order, times, operations: owners, weights, isStart };
}

/** Up to here a sort by insertion is faster than the engine's sort, which calls back for each comparison. */
const fewEvents = 100;

function sortPart(order: Uint32Array, from: number, to: number, times: Float64Array, isStart: Uint8Array): void {
  if (to - from > fewEvents) {
    // A call of no duration starts before it ends.
    order.subarray(from, to).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || (isStart[b] ?? 0) - (isStart[a] ?? 0));
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const event = order[i] ?? 0;
    const time = times[event] ?? 0;
    let place = i;
    for (; place > from; place--) {
      const before = order[place - 1] ?? 0;
      const timeBefore = times[before] ?? 0;
      if (timeBefore < time || (timeBefore === time && (isStart[before] ?? 0) >= (isStart[event] ?? 0))) break;
      order[place] = before;
    }
    order[place] = event;
  }
}

/** Index of the cell that contains `time`, looked for from `hint` on in steps that double. */
function cellOf(bounds: ArrayLike<number>, time: number, hint: number): number {
  let low = hint;
  let step = 1;
  while (low > 0 && (bounds[low] ?? 0) > time) {
    low = Math.max(0, low - step);
    step *= 2;
  }
  let high = low + 1;
  step = 1;
  while (high < bounds.length - 1 && (bounds[high] ?? 0) <= time) {
    low = high;
    high = Math.min(bounds.length - 1, high + step);
    step *= 2;
  }
  // The time is at or after `low` and before `high`.
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((bounds[middle] ?? 0) <= time) low = middle;
    else high = middle;
  }
  return low;
}
