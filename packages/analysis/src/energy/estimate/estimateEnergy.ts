import { addedEnergy } from './addedEnergy.ts';
import { describeBackground } from './background.ts';
import { combinedCalls, summed } from './combinedCalls.ts';
import { commonSlope } from './commonSlope.ts';
import type { EnergyEstimate, NoFigure, NoFigureReason, OperationEnergy } from './energyEstimate.ts';
import { checkInput, type EstimateInput, type LeftOut } from './estimateInput.ts';
import { estimateWithoutSamples } from './estimateWithoutSamples.ts';
import { checkMeter } from './meterModel.ts';
import { meterStep } from './meterStep.ts';
import { occupancy } from './occupancy.ts';
import { type SampleGrid, sampleGrid } from './sampleGrid.ts';
import { type SettledCalls, settledCalls } from './settledCalls.ts';
import { byColumn, columnsByTime, maxSlopes, summedByColumn } from './slopeColumns.ts';
import { slopesOf } from './slopes.ts';
import { isUnplaced } from './unplacedCalls.ts';
import { type ValidCalls, validCalls } from './validCalls.ts';
import { type EstimateContext, wholeEnergy } from './wholeEnergy.ts';

/** Fewer samples do not show how the power moves besides the calls. */
const leastSamples = 10;
/**
 * Energy of all calls of each operation from a power meter that may be far slower than the calls.
 *
 * The samples are regressed on the calls in flight as the meter sees them (`occupancy`), under a background that moves
 * for reasons of its own (`whitenedFit`). Power that moves for other reasons widens the intervals; where the data do not
 * suffice, there is a reason instead of a figure. Linear in samples and calls.
 *
 * @example
 * const { operations, total } = estimateEnergy({
 *   samples: { timesNs, watts, uncertaintiesNs, gapBefore },
 *   operations: [{ name: 'GET /cart', startsNs, endsNs }],
 *   meter: meterOf('BENCHLAB 2', 7),
 * });
 *
 * @throws OptionError where parallel arrays differ in length, or the meter model is impossible
 */
export function estimateEnergy(input: EstimateInput): EnergyEstimate {
  checkInput(input);
  checkMeter(input.meter);
  const { grid, leftOut } = sampleGrid(input.samples, input.meter);
  const valid = input.operations.map((calls) => validCalls(calls, grid?.originNs ?? 0));
  const samples = grid?.times.length ?? 0;
  const sampledSeconds = grid ? (grid.times[samples - 1] ?? 0) - (grid.times[0] ?? 0) : 0;
  const about = { samples, sampledSeconds, leftOut: { ...leftOut, ...callsLeftOut(valid) } };
  if (grid !== undefined && samples >= leastSamples)
    return { ...estimate(input, grid, valid, sampledSeconds), ...about };
  const none: NoFigure = {
    kind: 'none',
    reason: { kind: 'too-few-samples', samples, needed: leastSamples },
    ...(grid && { secondsMore: (leastSamples - samples) * grid.periodSeconds }),
  };
  return { ...estimateWithoutSamples(valid, none), ...about };
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
  const quantum = meterStep(grid, meter.quantumWatts);

  const contextOf = (contextColumns: readonly Float64Array[]): EstimateContext => {
    const slopes = slopesOf(grid, contextColumns, quantum);
    const background = describeBackground(slopes.background, grid.run, quantum, grid.isAveraging);
    return { grid, meter, slopes, background, columns: contextColumns, sampledSeconds };
  };
  const apart = contextOf(columns);
  const isOne = columns.length === 1;
  const one = isOne ? apart : contextOf([summed(occupancies, grid.times.length)]);
  // Where the parts of the operations are not known, all of them together still may be.
  const forTotal = apart.slopes.fit === undefined ? one : apart;
  const common = apart.slopes.fit && one.slopes.fit && commonSlope(apart.slopes.fit, one.slopes.fit.slopes[0] ?? 0);

  const unplaced: NoFigureReason = { kind: 'window-unplaced', windowSeconds: grid.windowSeconds };
  const operations = settled.map((time, j): OperationEnergy => {
    const calls = valid[j];
    const column = columnOf[j] ?? 0;
    const about = { name: calls?.name ?? '', ...described(time) };
    if (time.seconds === 0) return { ...about, ...noneOf({ kind: 'no-calls' }) };
    if (column >= maxSlopes) return { ...about, ...noneOf({ kind: 'too-many-operations', limit: maxSlopes }) };
    if (calls && isUnplaced(grid, [calls])) return { ...about, ...noneOf(unplaced) };
    const weights = columns.map((_, l) => (l === column ? time.weightedSeconds : 0));
    return {
      ...about,
      whole: wholeEnergy(apart, time, byColumn(time.together, columnOf, columns.length)),
      added: addedEnergy(apart, weights),
      ...(common?.isAllowed && { addedIfEqual: addedEnergy(one, [time.weightedSeconds]) }),
    };
  });

  const all = combinedCalls(settled, grid);
  const isSplit = forTotal === apart;
  const together = isSplit
    ? byColumn(all.together, columnOf, columns.length)
    : [all.together.reduce((a, b) => a + b, 0)];
  const weightedSeconds = settled.map((time) => time.weightedSeconds);
  const totalWeights = isSplit ? byColumn(weightedSeconds, columnOf, columns.length) : [all.weightedSeconds];
  const reason: NoFigureReason | undefined =
    all.seconds === 0 ? { kind: 'no-calls' } : isUnplaced(grid, valid) ? unplaced : undefined;
  const total = reason
    ? noneOf(reason)
    : { whole: wholeEnergy(forTotal, all, together), added: addedEnergy(forTotal, totalWeights) };
  return {
    operations,
    total: { ...described(all), ...total },
    ...(common && { commonSlope: common }),
  };
}

function noneOf(reason: NoFigureReason): { whole: NoFigure; added: NoFigure } {
  const none: NoFigure = { kind: 'none', reason };
  return { whole: none, added: none };
}

function described({
  calls,
  seconds,
  coveredSeconds,
  weightedSeconds,
}: SettledCalls): Pick<OperationEnergy, 'calls' | 'seconds' | 'weightedSeconds' | 'coverage'> {
  return { calls, seconds, weightedSeconds, coverage: seconds > 0 ? coveredSeconds / seconds : 0 };
}

function callsLeftOut(valid: readonly ValidCalls[]): Pick<LeftOut, 'callsInvalid' | 'weightsInvalid'> {
  return {
    callsInvalid: valid.reduce((sum, calls) => sum + calls.callsInvalid, 0),
    weightsInvalid: valid.reduce((sum, calls) => sum + calls.weightsInvalid, 0),
  };
}
