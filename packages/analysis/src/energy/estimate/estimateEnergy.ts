import { addedEnergy } from './addedEnergy.ts';
import { describeBackground } from './background.ts';
import { commonSlope } from './commonSlope.ts';
import type { AddedEnergy, EnergyEstimate, NoFigure, NoFigureReason, OperationEnergy } from './energyEstimate.ts';
import { checkInput, type EstimateInput, type LeftOut } from './estimateInput.ts';
import { checkMeter } from './meterModel.ts';
import { occupancy } from './occupancy.ts';
import { type SampleGrid, sampleGrid } from './sampleGrid.ts';
import { type SettledCalls, settledCalls } from './settledCalls.ts';
import { slopesOf } from './slopes.ts';
import { type ValidCalls, validCalls } from './validCalls.ts';
import { type EstimateContext, wholeEnergy } from './wholeEnergy.ts';

/** Operations with a slope of their own; all beyond share one, for the sake of the others. */
export const MAX_SLOPES = 32;
/** Fewer samples say nothing about how the power moves besides the calls. */
const LEAST_SAMPLES = 10;
/**
 * Where the place of the window is not known, calls from a quarter to four times as long as it may not be estimated: the
 * error was 1.5 to 1.8 % of the whole in the simulation. 20 % of such time leaves an error of 0.3 %.
 */
const UNPLACED_FROM = 0.25;
const UNPLACED_TO = 4;
const UNPLACED_SHARE = 0.2;

/**
 * Energy of all calls of each operation from a power meter that may be far slower than the calls.
 *
 * The samples are regressed on the calls in flight as the meter sees them (`occupancy`), under a background that moves
 * for reasons of its own (`whitenedFit`). Power that moves for other reasons widens the intervals; where the data cannot
 * tell, there is no figure but a reason. Linear in samples and calls.
 *
 * @example
 * const { operations, total } = estimateEnergy({
 *   samples: { timesNs, watts, uncertaintiesNs, gapBefore },
 *   operations: [{ name: 'GET /cart', startsNs, endsNs }],
 *   meter: knownMeters[0].model,
 * });
 *
 * @throws RangeError where parallel arrays differ in length, or the meter model is impossible
 */
export function estimateEnergy(input: EstimateInput): EnergyEstimate {
  checkInput(input);
  checkMeter(input.meter);
  const grid = sampleGrid(input.samples, input.meter);
  const valid = input.operations.map((calls) => validCalls(calls, grid?.originNs ?? 0));
  const leftOut: LeftOut = {
    ...(grid?.leftOut ?? noSamples(input)),
    callsInvalid: sum(valid, (calls) => calls.callsInvalid),
    weightsInvalid: sum(valid, (calls) => calls.weightsInvalid),
  };
  const sampledSeconds = grid ? (grid.times[grid.times.length - 1] ?? 0) - (grid.times[0] ?? 0) : 0;
  const samples = grid?.times.length ?? 0;
  if (grid === undefined || samples < LEAST_SAMPLES) {
    const none: NoFigure = {
      kind: 'none',
      reason: { kind: 'too-few-samples', samples, needed: LEAST_SAMPLES },
      ...(grid && { secondsMore: (LEAST_SAMPLES - samples) * grid.periodSeconds }),
    };
    const operations = valid.map((calls) => withoutSamples(calls, none));
    return { operations, total: withoutName(totalWithout(operations, none)), samples, sampledSeconds, leftOut };
  }
  return { ...estimate(input, grid, valid, sampledSeconds), samples, sampledSeconds, leftOut };
}

function estimate(
  { meter, window }: EstimateInput,
  grid: SampleGrid,
  valid: readonly ValidCalls[],
  sampledSeconds: number,
): Pick<EnergyEstimate, 'operations' | 'total' | 'commonSlope'> {
  const clip = {
    from: window ? (window.startNs - grid.originNs) / 1e9 : Number.NEGATIVE_INFINITY,
    to: window ? (window.endNs - grid.originNs) / 1e9 : Number.POSITIVE_INFINITY,
  };
  const settled = settledCalls(valid, grid.cells, grid.times.length, clip);
  const columnOf = columnsByTime(settled);
  const occupancies = valid.map((calls) => occupancy(grid.windows, calls));
  const columns = summedByColumn(occupancies, columnOf);
  const quantum = quantumOf(grid, meter.quantumWatts);

  const contextOf = (contextColumns: readonly Float64Array[]): EstimateContext => {
    const slopes = slopesOf(grid, contextColumns, quantum);
    const background = describeBackground(slopes.background, grid.run, quantum, grid.isAveraging);
    return { grid, meter, slopes, background, columns: contextColumns, sampledSeconds };
  };
  const apart = contextOf(columns);
  const isOne = columns.length === 1;
  const one = isOne ? apart : contextOf([added(occupancies, grid.times.length)]);
  // Where the operations cannot be told from each other, all of them together still may be known.
  const forTotal = apart.slopes.fit === undefined ? one : apart;
  const common = apart.slopes.fit && one.slopes.fit && commonSlope(apart.slopes.fit, one.slopes.fit.slopes[0] ?? 0);

  const operations = valid.map((calls, j): OperationEnergy => {
    const time = settled[j];
    const column = columnOf[j] ?? 0;
    if (time === undefined || time.seconds === 0)
      return { ...described(calls.name, time), ...noneOf({ kind: 'no-calls' }) };
    if (column >= MAX_SLOPES) {
      return { ...described(calls.name, time), ...noneOf({ kind: 'too-many-operations', limit: MAX_SLOPES }) };
    }
    if (isUnplaced(grid, [calls])) return { ...described(calls.name, time), ...noneOf(unplaced(grid)) };
    const weights = columns.map((_, l) => (l === column ? time.weightedSeconds : 0));
    const ifEqual = common?.isAllowed ? addedAlong(one, [time.weightedSeconds]) : undefined;
    return {
      ...described(calls.name, time),
      whole: wholeEnergy(apart, time, byColumn(time.together, columnOf, columns.length)),
      added: addedAlong(apart, weights),
      ...(ifEqual && { addedIfEqual: ifEqual }),
    };
  });

  const all = combined(settled, grid);
  const isSplit = forTotal === apart;
  const together = isSplit
    ? byColumn(all.together, columnOf, columns.length)
    : [all.together.reduce((a, b) => a + b, 0)];
  const totalWeights = isSplit
    ? columns.map((_, l) => sum(settled, (time, j) => (columnOf[j] === l ? time.weightedSeconds : 0)))
    : [all.weightedSeconds];
  const reason: NoFigureReason | undefined =
    all.seconds === 0 ? { kind: 'no-calls' } : isUnplaced(grid, valid) ? unplaced(grid) : undefined;
  const total = reason
    ? noneOf(reason)
    : { whole: wholeEnergy(forTotal, all, together), added: addedAlong(forTotal, totalWeights) };
  return {
    operations,
    total: { ...withoutName(described('', all)), ...total },
    ...(common && { commonSlope: common }),
  };
}

/** Added energy along a combination of slopes; without one of them, the reason. */
function addedAlong({ slopes, meter, grid, sampledSeconds }: EstimateContext, weights: readonly number[]): AddedEnergy {
  let joules = 0;
  for (const [l, seconds] of weights.entries()) {
    const reason = seconds > 0 ? slopes.unknown[l] : undefined;
    if (reason !== undefined) {
      const more =
        reason.kind === 'too-few-samples' ? (reason.needed - reason.samples) * grid.periodSeconds : undefined;
      return { kind: 'none', reason, ...(more !== undefined && { secondsMore: more }) };
    }
    joules += (slopes.watts[l] ?? 0) * seconds;
  }
  return addedEnergy(joules, slopes.along(weights), meter, sampledSeconds);
}

/** For each operation its column: operations with much time have one each, the others share the last. */
function columnsByTime(settled: readonly SettledCalls[]): number[] {
  const order = settled
    .map((_, j) => j)
    .sort((a, b) => (settled[b]?.weightedSeconds ?? 0) - (settled[a]?.weightedSeconds ?? 0));
  const columnOf = new Array<number>(settled.length).fill(0);
  order.forEach((j, rank) => {
    columnOf[j] = Math.min(rank, MAX_SLOPES);
  });
  return columnOf;
}

function summedByColumn(occupancies: readonly Float64Array[], columnOf: readonly number[]): Float64Array[] {
  const columns: Float64Array[] = [];
  occupancies.forEach((values, j) => {
    const column = columnOf[j] ?? 0;
    const known = columns[column];
    columns[column] = known ? known.map((value, k) => value + (values[k] ?? 0)) : values;
  });
  return columns;
}

function byColumn(together: Float64Array, columnOf: readonly number[], columns: number): Float64Array {
  const out = new Float64Array(columns);
  together.forEach((value, j) => {
    const column = columnOf[j] ?? 0;
    out[column] = (out[column] ?? 0) + value;
  });
  return out;
}

function added(values: readonly Float64Array[], length: number): Float64Array {
  const out = new Float64Array(length);
  for (const column of values) for (let k = 0; k < length; k++) out[k] = (out[k] ?? 0) + (column[k] ?? 0);
  return out;
}

function combined(settled: readonly SettledCalls[], grid: SampleGrid): SettledCalls {
  return {
    calls: sum(settled, (time) => time.calls),
    bySample: added(
      settled.map((time) => time.bySample),
      grid.times.length,
    ),
    byGap: added(
      settled.map((time) => time.byGap),
      grid.cells.gaps,
    ),
    together: added(
      settled.map((time) => time.together),
      settled.length,
    ),
    seconds: sum(settled, (time) => time.seconds),
    coveredSeconds: sum(settled, (time) => time.coveredSeconds),
    weightedSeconds: sum(settled, (time) => time.weightedSeconds),
  };
}

/**
 * Step of the meter, W. Where it is not stated, the smallest change between two samples is an upper bound of it; a
 * float's own rounding is the least, so that no error is ever 0.
 */
function quantumOf({ watts }: SampleGrid, stated: number | 'not stated by the vendor'): number {
  let smallest = Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let k = 0; k < watts.length; k++) {
    largest = Math.max(largest, Math.abs(watts[k] ?? 0));
    const change = k === 0 ? 0 : Math.abs((watts[k] ?? 0) - (watts[k - 1] ?? 0));
    if (change > 0) smallest = Math.min(smallest, change);
  }
  const found = typeof stated === 'number' ? stated : Number.isFinite(smallest) ? smallest : 0;
  return Math.max(found, LEAST_RELATIVE_STEP * largest, Number.MIN_VALUE ** 0.25);
}

/** Single precision keeps 24 bits: 2^-23. No meter is finer. */
const LEAST_RELATIVE_STEP: number = 2 ** -23;

function isUnplaced({ isPlaced, windowSeconds }: SampleGrid, operations: readonly ValidCalls[]): boolean {
  if (isPlaced) return false;
  let seconds = 0;
  let doubtful = 0;
  for (const { starts, ends } of operations) {
    for (let k = 0; k < starts.length; k++) {
      const duration = (ends[k] ?? 0) - (starts[k] ?? 0);
      seconds += duration;
      if (duration > UNPLACED_FROM * windowSeconds && duration < UNPLACED_TO * windowSeconds) doubtful += duration;
    }
  }
  return doubtful > UNPLACED_SHARE * seconds;
}

function unplaced({ windowSeconds }: SampleGrid): NoFigureReason {
  return { kind: 'window-unplaced', windowSeconds };
}

function noneOf(reason: NoFigureReason): { whole: NoFigure; added: NoFigure } {
  const none: NoFigure = { kind: 'none', reason };
  return { whole: none, added: none };
}

function described(
  name: string,
  time: SettledCalls | undefined,
): Pick<OperationEnergy, 'name' | 'calls' | 'seconds' | 'weightedSeconds' | 'coverage'> {
  const seconds = time?.seconds ?? 0;
  return {
    name,
    calls: time?.calls ?? 0,
    seconds,
    weightedSeconds: time?.weightedSeconds ?? 0,
    coverage: seconds > 0 ? (time?.coveredSeconds ?? 0) / seconds : 0,
  };
}

function withoutSamples({ name, starts, ends, weights }: ValidCalls, none: NoFigure): OperationEnergy {
  let seconds = 0;
  let weightedSeconds = 0;
  for (let k = 0; k < starts.length; k++) {
    seconds += (ends[k] ?? 0) - (starts[k] ?? 0);
    weightedSeconds += ((ends[k] ?? 0) - (starts[k] ?? 0)) * (weights[k] ?? 0);
  }
  return { name, calls: starts.length, seconds, weightedSeconds, coverage: 0, whole: none, added: none };
}

function totalWithout(operations: readonly OperationEnergy[], none: NoFigure): OperationEnergy {
  return {
    name: '',
    calls: sum(operations, (operation) => operation.calls),
    seconds: sum(operations, (operation) => operation.seconds),
    weightedSeconds: sum(operations, (operation) => operation.weightedSeconds),
    coverage: 0,
    whole: none,
    added: none,
  };
}

function withoutName<T extends { name: string }>({ name: _, ...rest }: T): Omit<T, 'name'> {
  return rest;
}

function noSamples({ samples }: EstimateInput): Omit<LeftOut, 'callsInvalid' | 'weightsInvalid'> {
  return { samplesNotFinite: samples.timesNs.length, samplesOutOfOrder: 0, samplesUncertain: 0, samplesRepeated: 0 };
}

function sum<T>(values: readonly T[], of: (value: T, index: number) => number): number {
  return values.reduce((total, value, index) => total + of(value, index), 0);
}
