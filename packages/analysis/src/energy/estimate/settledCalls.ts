import { callEvents } from './callEvents.ts';
import type { TimeCells } from './timeCells.ts';
import type { ValidCalls } from './validCalls.ts';

/** The time of the calls of one operation, divided among the samples that know the power in it. */
export interface SettledCalls {
  readonly calls: number;
  /** For each sample, the seconds whose power it stands for. */
  readonly bySample: Float64Array;
  /** For each gap, the seconds of calls in it. */
  readonly byGap: Float64Array;
  /** Seconds with a call in flight, and the part of them that samples cover. */
  readonly seconds: number;
  readonly coveredSeconds: number;
  /** Duration times weight, summed. */
  readonly weightedSeconds: number;
  /** Covered seconds times the weighted number of calls of each operation in flight meanwhile. */
  readonly together: Float64Array;
}

/** A sum of weights below this is the rounding error of larger ones. */
const noWeight = 1e-12;

interface Clip {
  readonly from: number;
  readonly to: number;
}

/**
 * Divides each moment among the operations with a call in flight, in proportion to their weights, in one pass over the
 * ends of the calls and the cells of time.
 */
export function settledCalls(
  operations: readonly ValidCalls[],
  cells: TimeCells,
  samples: number,
  clip: Clip,
): SettledCalls[] {
  const settled = operations.map((calls) => new Settlement(calls, samples, cells.gaps, operations.length, clip));
  const inFlight: number[] = []; // operations
  let cell = 0;
  let previous = Number.NEGATIVE_INFINITY;
  const events = callEvents(operations, cells.bounds);
  for (const event of events.order) {
    const time = events.times[event] ?? 0;
    const operation = events.operations[event] ?? 0;
    const from = Math.max(previous, clip.from);
    const to = Math.min(time, clip.to);
    if (to > from && inFlight.length > 0) cell = divide(settled, inFlight, cells, cell, from, to);
    previous = time;
    settled[operation]?.change(events.weights[event] ?? 0, events.isStart[event] === 1, inFlight, operation);
  }
  return settled;
}

function divide(
  settled: readonly Settlement[],
  inFlight: readonly number[],
  cells: TimeCells,
  firstCell: number,
  from: number,
  to: number,
): number {
  let total = 0;
  for (const j of inFlight) total += settled[j]?.weight ?? 0;
  let cell = firstCell;
  let start = from;
  while (start < to) {
    while ((cells.bounds[cell + 1] ?? 0) <= start) cell++;
    const end = Math.min(to, cells.bounds[cell + 1] ?? 0);
    if (total > noWeight) {
      for (const j of inFlight) settled[j]?.take(cells, cell, start, end, total, inFlight, settled);
    }
    start = end;
  }
  return cell;
}

class Settlement implements SettledCalls {
  readonly calls: number;
  readonly bySample: Float64Array;
  readonly byGap: Float64Array;
  readonly together: Float64Array;
  readonly weightedSeconds: number;
  seconds = 0;
  coveredSeconds = 0;
  /** Sum of the weights of the calls in flight, and their number. */
  weight = 0;
  #inFlight = 0;

  constructor(calls: ValidCalls, samples: number, gaps: number, operations: number, clip: Clip) {
    this.bySample = new Float64Array(samples);
    this.byGap = new Float64Array(gaps);
    this.together = new Float64Array(operations);
    let weighted = 0;
    let count = 0;
    for (let k = 0; k < calls.starts.length; k++) {
      const seconds = Math.min(calls.ends[k] ?? 0, clip.to) - Math.max(calls.starts[k] ?? 0, clip.from);
      if (seconds < 0) continue;
      weighted += seconds * (calls.weights[k] ?? 0);
      count++;
    }
    this.weightedSeconds = weighted;
    this.calls = count;
  }

  change(weight: number, isStart: boolean, inFlight: number[], operation: number): void {
    if (isStart) {
      if (this.#inFlight++ === 0) inFlight.push(operation);
      this.weight += weight;
      return;
    }
    this.weight -= weight;
    if (--this.#inFlight > 0) return;
    this.weight = 0; // without the rounding errors of what was added and taken
    inFlight.splice(inFlight.indexOf(operation), 1);
  }

  take(
    cells: TimeCells,
    cell: number,
    from: number,
    to: number,
    total: number,
    inFlight: readonly number[],
    settled: readonly Settlement[],
  ): void {
    const seconds = (Math.max(0, this.weight) / total) * (to - from);
    this.seconds += seconds;
    const gap = cells.gap[cell] ?? 0;
    if (gap >= 0) {
      this.byGap[gap] = (this.byGap[gap] ?? 0) + seconds;
      return;
    }
    this.coveredSeconds += seconds;
    for (const l of inFlight) this.together[l] = (this.together[l] ?? 0) + seconds * (settled[l]?.weight ?? 0);
    const left = cells.left[cell] ?? 0;
    const right = cells.right[cell] ?? 0;
    if (left === right) {
      this.bySample[left] = (this.bySample[left] ?? 0) + seconds;
      return;
    }
    // Linear between the two samples, so the middle stands for the whole piece.
    const start = cells.bounds[cell] ?? 0;
    const share = ((from + to) / 2 - start) / ((cells.bounds[cell + 1] ?? 0) - start);
    this.bySample[left] = (this.bySample[left] ?? 0) + seconds * (1 - share);
    this.bySample[right] = (this.bySample[right] ?? 0) + seconds * share;
  }
}
