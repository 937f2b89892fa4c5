import type { EnergyRole, PowerBoundary, PowerWindow, Source } from '@benchlab-otel/core';
import { energyRoles } from '@benchlab-otel/core';
import { type IntervalShare, sharesByInterval } from './intervalShares.ts';
import type { ShareSegment } from './shares.ts';

/** Energy of one operation on the rails of one role. */
export interface RoleEnergy {
  readonly joules: number;
  /** Standard error of `joules`, from where the samples happened to fall and from the uncertainty of the clocks. */
  readonly stderr: number;
  /** Mean square of the steps of its share of the power at its two edges, W²: what its error grows with. */
  readonly edgeSteps: number;
}

/** What samples say about the energy of one operation. */
export interface SpanEnergy {
  readonly source: Source;
  readonly boundary: PowerBoundary;
  /** `direct` when the operation had the bench to itself, `apportioned` when it shared it. */
  readonly method: 'direct' | 'apportioned';
  readonly nature: 'measured' | 'apportioned' | 'simulated';
  /** Share of the duration that valid samples cover, 0 to 1. */
  readonly coverage: number;
  /** Samples taken while it ran. */
  readonly samples: number;
  readonly durationNs: number;
  readonly periodNs: number;
  /**
   * Estimates by role; none where coverage is under `MIN_COVERAGE`. Unbiased for every operation, but for one that is
   * not `resolved` the single figure says nothing: only the sum over many does.
   */
  readonly roles: Readonly<Partial<Record<EnergyRole, RoleEnergy>>>;
  /** It lasted at least one sample period and a sample fell into it, so its figures stand on their own. */
  readonly resolved: boolean;
}

/** Under this coverage there is no figure: a gap is not filled with a guess. */
export const MIN_COVERAGE = 0.95;

/**
 * Energy of one operation from the samples around it.
 *
 * Power is known at samples only, so where within a sample interval the operation began and ended is not visible. The
 * whole intervals at both edges are integrated (trapezoid), and the parts of them outside the operation are taken off
 * at the power of the outer samples. With edges that fall at random between samples this has no bias.
 *
 * Where within an interval power changed is not visible either, so each interval adds a variance of step² · T² / 12 (a
 * uniform error over one period T), where step is the change of power across it. A lone pulse has two such intervals,
 * its edges: 0.41 · step · T. Where operations share an interval, power may have changed together with the shares: that
 * adds step² / 4 · T² times the variance of the share within it. A clock uncertainty u adds step² · u² at each edge.
 * For a meter that averages over its period this is the larger side of the truth.
 *
 * @param shares who had the bench, in segments that cover `[startNs, endNs]`
 * @returns undefined when the window holds no two samples
 */
export function energyOf(
  window: PowerWindow,
  span: { readonly startNs: number; readonly endNs: number; readonly uncertaintyNs: number },
  shares: readonly ShareSegment[],
): SpanEnergy | undefined {
  const { timesNs } = window;
  const durationNs = span.endNs - span.startNs;
  if (timesNs.length < 2 || !(durationNs > 0)) return undefined;
  const covered = coveredNs(window, span.startNs, span.endNs);
  const coverage = covered / durationNs;
  const samples = timesNs.reduce((n, time) => (time >= span.startNs && time <= span.endNs ? n + 1 : n), 0);
  const roles: Partial<Record<EnergyRole, RoleEnergy>> = {};
  const intervalShares = sharesByInterval(timesNs, span, shares);
  for (const role of energyRoles) {
    const watts = window.watts[role];
    if (watts === undefined || coverage < MIN_COVERAGE || watts.some(Number.isNaN)) continue;
    roles[role] = roleEnergy(window, watts, span, intervalShares);
  }
  // Across processes, operations that follow each other seem to overlap by as much as their times are uncertain.
  const sharedNs = shares.reduce((sum, { fromNs, toNs, share }) => (share < 1 ? sum + toNs - fromNs : sum), 0);
  const method = sharedNs > 2 * span.uncertaintyNs ? 'apportioned' : 'direct';
  return {
    source: window.source,
    boundary: window.source.boundary ?? 'dc_rails',
    method,
    nature: window.source.simulated ? 'simulated' : method === 'direct' ? 'measured' : 'apportioned',
    coverage,
    samples,
    durationNs,
    periodNs: window.periodNs,
    roles,
    resolved: samples > 0 && durationNs >= window.periodNs,
  };
}

const NS = 1e-9;

function roleEnergy(
  window: PowerWindow,
  watts: Float64Array,
  span: { readonly startNs: number; readonly endNs: number; readonly uncertaintyNs: number },
  shares: readonly IntervalShare[],
): RoleEnergy {
  const { timesNs, gapBefore, periodNs } = window;
  let joules = 0;
  let variance = 0;
  const edgeSteps: number[] = [];
  for (let k = 1; k < timesNs.length; k++) {
    const share = shares[k - 1];
    if (gapBefore[k] === 1 || share === undefined) continue;
    const [t0, t1, p0, p1] = [at(timesNs, k - 1), at(timesNs, k), at(watts, k - 1), at(watts, k)];
    const fromNs = Math.max(t0, span.startNs);
    const toNs = Math.min(t1, span.endNs);
    const whole = ((p0 + p1) / 2) * (t1 - t0) * NS;
    const outside = (p0 * (fromNs - t0) + p1 * (t1 - toNs)) * NS;
    joules += (whole - outside) * share.mean;
    // The period that counts is this interval's, or the device's own refresh where that is slower.
    const periodSeconds = Math.max(t1 - t0, periodNs) * NS;
    const step2 = (p1 - p0) ** 2;
    variance += step2 * periodSeconds ** 2 * (share.mean ** 2 / 12 + share.variance / 4);
    const edges = Number(t0 <= span.startNs && span.startNs < t1) + Number(t0 < span.endNs && span.endNs <= t1);
    if (edges > 0) {
      const clockSeconds = Math.hypot(span.uncertaintyNs, at(window.uncertaintiesNs, k)) * NS;
      variance += edges * step2 * share.mean ** 2 * clockSeconds ** 2;
      edgeSteps.push(step2 * share.mean ** 2);
    }
  }
  const steps = edgeSteps.reduce((a, b) => a + b, 0) / Math.max(1, edgeSteps.length);
  return { joules, stderr: Math.sqrt(variance), edgeSteps: steps };
}

function coveredNs({ timesNs, gapBefore }: PowerWindow, startNs: number, endNs: number): number {
  let covered = 0;
  for (let k = 1; k < timesNs.length; k++) {
    if (gapBefore[k] === 1) continue;
    covered += Math.max(0, Math.min(at(timesNs, k), endNs) - Math.max(at(timesNs, k - 1), startNs));
  }
  return covered;
}

/** Reads an index that the loops above keep inside the array. */
function at(array: Float64Array, k: number): number {
  return array[k] ?? Number.NaN;
}
