import { gapLimitNs } from '@benchlab-otel/core';
import type { MeterSamples } from './estimateInput.ts';
import type { MeterModel } from './meterModel.ts';
import type { MeterWindows } from './occupancy.ts';
import { averagedCells, interpolatedCells, type TimeCells } from './timeCells.ts';

/** The valid samples of one meter, and what each of them has seen. Times are seconds after `originNs`. */
export interface SampleGrid {
  readonly originNs: number;
  readonly times: Float64Array;
  readonly watts: Float64Array;
  /** For each sample, how many samples stand before it at regular steps. */
  readonly run: Int32Array;
  readonly windows: MeterWindows;
  readonly cells: TimeCells;
  /** The larger of the period of the samples and of the refresh of the device, s. */
  readonly periodSeconds: number;
  /** Length of the window that the meter looks through, s; its place in time is known or not. */
  readonly windowSeconds: number;
  readonly isPlaced: boolean;
  readonly isAveraging: boolean;
}

interface SamplesLeftOut {
  samplesNotFinite: number;
  samplesOutOfOrder: number;
  samplesUncertain: number;
  samplesRepeated: number;
}

/** A dithered poll steps by 0 to 2 periods; after a longer step the samples no longer count as evenly spaced. */
const longestStepPeriods = 2.5;
/** A device that renews its values this much more slowly than it is read repeats them. */
const repeatedPeriods = 1.5;
/** A sample whose time is less sure than this many periods carries no information about a call. */
const maxUncertainPeriods = 4;
/** A mean over about one period tiles the time; a shorter one leaves time that no sample has seen. */
const tiling = 0.2;
/** Up to this share of the window its place is known well enough. */
const placed = 0.25;

/** The grid is undefined when fewer than two samples are valid. */
export function sampleGrid(
  samples: MeterSamples,
  meter: MeterModel,
): { readonly grid: SampleGrid | undefined; readonly leftOut: Readonly<SamplesLeftOut> } {
  const leftOut = { samplesNotFinite: 0, samplesOutOfOrder: 0, samplesUncertain: 0, samplesRepeated: 0 };
  const valid = thinned(validSamples(samples, leftOut), meter, leftOut);
  const period = medianStep(valid);
  return { grid: period === undefined ? undefined : gridOf(valid, meter, period), leftOut };
}

function gridOf(valid: ValidSamples, meter: MeterModel, period: number): SampleGrid {
  const { times, gaps } = valid;
  const gapSeconds = gapLimitNs(period * 1e9) * 1e-9;
  const isGapBefore = Uint8Array.from(times, (time, i) =>
    i > 0 && (gaps[i] === 1 || time - (times[i - 1] ?? 0) > gapSeconds) ? 1 : 0,
  );
  const run = new Int32Array(times.length);
  for (let i = 1; i < times.length; i++) {
    const step = (times[i] ?? 0) - (times[i - 1] ?? 0);
    run[i] = isGapBefore[i] === 1 || step > longestStepPeriods * period ? 0 : (run[i - 1] ?? 0) + 1;
  }

  const { aperture, refreshSeconds } = meter;
  const age = refreshSeconds ?? (aperture === 'not stated' ? period : 0); // of the value when it is read, at most
  const isAveraging = aperture !== 'not stated' && aperture.kind === 'mean';
  const apertureOf = (i: number) => {
    if (aperture === 'not stated' || aperture.kind === 'instant') return 0;
    if (typeof aperture.seconds === 'number') return aperture.seconds;
    return (run[i] ?? 0) > 0 ? (times[i] ?? 0) - (times[i - 1] ?? 0) : period;
  };
  const length = isAveraging && typeof aperture.seconds === 'number' ? aperture.seconds : isAveraging ? period : 0;
  const tiles = isAveraging && Math.abs(length - period) <= tiling * period;
  return {
    originNs: valid.originNs,
    times: Float64Array.from(times),
    watts: Float64Array.from(valid.watts),
    run,
    windows: {
      from: Float64Array.from(times, (time, i) => time - apertureOf(i) - age),
      to: Float64Array.from(times),
      uncertainty: Float64Array.from(valid.uncertainties),
    },
    cells: tiles
      ? averagedCells(Float64Array.from(times), isGapBefore, apertureOf, period)
      : interpolatedCells(
          Float64Array.from(times, (time) => time - (length + age) / 2),
          isGapBefore,
          period,
        ),
    periodSeconds: Math.max(period, refreshSeconds ?? 0),
    windowSeconds: length + age,
    isPlaced: age <= placed * length,
    isAveraging,
  };
}

interface ValidSamples {
  readonly originNs: number;
  readonly times: number[];
  readonly watts: number[];
  readonly uncertainties: number[];
  readonly gaps: number[];
}

function validSamples(samples: MeterSamples, leftOut: SamplesLeftOut): ValidSamples {
  const valid: ValidSamples = {
    originNs: firstFinite(samples.timesNs),
    times: [],
    watts: [],
    uncertainties: [],
    gaps: [],
  };
  let isGap = 0;
  let newest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < samples.timesNs.length; i++) {
    const time = ((samples.timesNs[i] ?? Number.NaN) - valid.originNs) / 1e9;
    const watts = samples.watts[i] ?? Number.NaN;
    const uncertainty = (samples.uncertaintiesNs[i] ?? Number.NaN) / 1e9;
    if (samples.gapBefore[i] === 1) isGap = 1; // also of a sample that is left out
    if (!(Number.isFinite(time) && Number.isFinite(watts) && uncertainty >= 0 && Number.isFinite(uncertainty))) {
      leftOut.samplesNotFinite++;
      continue;
    }
    if (time <= newest) {
      leftOut.samplesOutOfOrder++;
      continue;
    }
    newest = time;
    valid.times.push(time);
    valid.watts.push(watts);
    valid.uncertainties.push(uncertainty);
    valid.gaps.push(isGap);
    isGap = 0;
  }
  return valid;
}

/** One sample for each value of the device, and none whose time is hardly known. */
function thinned(all: ValidSamples, meter: MeterModel, leftOut: SamplesLeftOut): ValidSamples {
  const period = medianStep(all);
  if (period === undefined) return all;
  const aperture = typeof meter.aperture === 'object' && meter.aperture.kind === 'mean' ? meter.aperture.seconds : 0;
  const step = Math.max(meter.refreshSeconds ?? 0, typeof aperture === 'number' ? aperture : 0);
  const isRepeated = step > repeatedPeriods * period;
  const kept: ValidSamples = { originNs: all.originNs, times: [], watts: [], uncertainties: [], gaps: [] };
  let isGap = 0;
  all.times.forEach((time, i) => {
    if (all.gaps[i] === 1) isGap = 1;
    const uncertainty = all.uncertainties[i] ?? 0;
    const last = kept.times.at(-1);
    if (uncertainty > maxUncertainPeriods * Math.max(period, step)) leftOut.samplesUncertain++;
    else if (isRepeated && isGap === 0 && last !== undefined && time - last < step - period / 2)
      leftOut.samplesRepeated++;
    else {
      kept.times.push(time);
      kept.watts.push(all.watts[i] ?? 0);
      kept.uncertainties.push(uncertainty);
      kept.gaps.push(isGap);
      isGap = 0;
    }
  });
  return kept;
}

function medianStep({ times, gaps }: ValidSamples): number | undefined {
  const steps = new Float64Array(Math.max(0, times.length - 1));
  let count = 0;
  for (let i = 1; i < times.length; i++) if (gaps[i] === 0) steps[count++] = (times[i] ?? 0) - (times[i - 1] ?? 0);
  return count === 0 ? undefined : steps.subarray(0, count).sort()[Math.floor(count / 2)];
}

function firstFinite(values: ArrayLike<number>): number {
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) return values[i] ?? 0;
  return 0;
}
