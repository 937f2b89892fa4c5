import type { Background } from './background.ts';
import type { WholeEnergy } from './energyEstimate.ts';
import { dot } from './matrix.ts';
import type { MeterModel } from './meterModel.ts';
import {
  addErrors,
  figureOf,
  halfWidth,
  meterHalfWidth,
  meterUncertainty,
  type SamplingError,
} from './meterUncertainty.ts';
import type { SampleGrid } from './sampleGrid.ts';
import type { SettledCalls } from './settledCalls.ts';
import type { Slopes } from './slopes.ts';

/** What all estimates of one run share. */
export interface EstimateContext {
  readonly grid: SampleGrid;
  readonly meter: MeterModel;
  readonly slopes: Slopes;
  readonly background: Background;
  /** Occupancy columns, one for each slope. */
  readonly columns: readonly Float64Array[];
  readonly sampledSeconds: number;
}

/** Below this share of covered time there is no figure: most of it would be a guess. */
const leastCoverage = 0.5;
/** A figure whose half width is more than this share of it is of no use. */
const widest = 0.5;
/** Errors that are estimated from neighbours have about a degree of freedom for every three samples. */
const samplesPerDegree = 3;
const leastDegrees = 5;

/**
 * Joules that the rails delivered: each sample times the seconds that it stands for, and, for what the samples did not
 * see of the calls, the slope. This is the generalised regression estimator of a total (Sarndal, Swensson and Wretman
 * 1992, ch. 6): for long calls the samples carry it, for short ones the slope.
 *
 * @param settled the time of the calls, divided among samples and gaps
 * @param together `settled.together` summed to the columns of the slopes
 */
export function wholeEnergy(context: EstimateContext, settled: SettledCalls, together: ArrayLike<number>): WholeEnergy {
  const { grid, meter, slopes, background, columns } = context;
  const { bySample, coveredSeconds, seconds, byGap } = settled;
  const coverage = coveredSeconds / seconds;
  if (!(coverage >= leastCoverage))
    return { kind: 'none', reason: { kind: 'not-covered', coverage, needed: leastCoverage } };

  const reach = Float64Array.from(columns, (column, l) => (together[l] ?? 0) - dot(bySample, column));
  let covered = dot(bySample, grid.watts);
  reach.forEach((unseen, l) => {
    covered += unseen * (slopes.watts[l] ?? 0);
  });
  const joules = covered / coverage; // a gap has the mean power of the rest
  const lost = dot(byGap, byGap) * background.level; // and is one draw of the background

  const known = samplingError(context, settled, reach);
  const degrees = neighbourDegrees(grid);
  const sampling = addErrors([
    { variance: known.variance / coverage ** 2, degreesOfFreedom: known.degreesOfFreedom },
    { variance: lost, degreesOfFreedom: degrees },
  ]);
  const uncertainty = meterUncertainty(meter, joules, seconds);
  const half = halfWidth(sampling, uncertainty);
  if (!(half <= widest * joules)) {
    const room = (widest * joules) ** 2 - meterHalfWidth(uncertainty) ** 2;
    const needed = (context.sampledSeconds * (half ** 2 - meterHalfWidth(uncertainty) ** 2)) / room;
    return {
      kind: 'none',
      reason: { kind: 'too-wide', halfWidthJoules: half },
      ...(joules > 0 && room > 0 && { secondsMore: needed - context.sampledSeconds }),
    };
  }
  return { kind: 'figure', ...figureOf(joules, sampling, uncertainty) };
}

function samplingError(context: EstimateContext, settled: SettledCalls, reach: Float64Array): SamplingError {
  const { grid, slopes, background } = context;
  const { bySample, coveredSeconds, calls } = settled;
  const slope = slopes.along(reach);
  let own = 0;
  let both = 0; // a sample that stands for much time and moves the slope, too, errs in both
  for (let k = 0; k < bySample.length; k++) {
    const seconds = bySample[k] ?? 0;
    const missed = background.missed[k] ?? 0;
    own += seconds ** 2 * missed;
    if (slope.rowWeights) both += 2 * seconds * (slope.rowWeights[k] ?? 0) * missed;
  }
  // Each call meets the background at an instant of its own, which no sample saw.
  const perCall = calls * Math.min(grid.periodSeconds, coveredSeconds / calls) ** 2;
  const between = own + (background.meanMissed * perCall) / 6 + background.inStep * coveredSeconds ** 2;
  const sum = addErrors([
    { variance: slope.variance, degreesOfFreedom: slope.degreesOfFreedom },
    { variance: between, degreesOfFreedom: neighbourDegrees(grid) },
  ]);
  return { variance: Math.max(sum.variance + both, 0.25 * sum.variance), degreesOfFreedom: sum.degreesOfFreedom };
}

function neighbourDegrees(grid: SampleGrid): number {
  return Math.max(leastDegrees, grid.times.length / samplesPerDegree);
}
