import type { EnergyRole, PowerBoundary, PowerWindow, Source } from '@benchlab-otel/sdk';
import { energyRoles } from '@benchlab-otel/sdk';
import type { ShareSegment } from './shares.ts';

/** Energy of one operation on the rails of one role. */
export interface RoleEnergy {
  readonly joules: number;
  /** Standard error of `joules`, from where the samples happened to fall and from the uncertainty of the clocks. */
  readonly stderr: number;
  /** Mean square of the steps of power at the operation's two edges, W²: what its error grows with. */
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
 * at the power of the outer samples. With edges that fall at random between samples this has no bias, and each edge
 * adds a variance of step² · T² / 12 (a uniform error over one period T), where step is the change of power across it.
 * Two edges give 0.41 · step · T. A clock uncertainty u adds step² · u² at each edge.
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
  for (const role of energyRoles) {
    const watts = window.watts[role];
    if (watts === undefined || coverage < MIN_COVERAGE || watts.some(Number.isNaN)) continue;
    roles[role] = roleEnergy(window, watts, span, shares);
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
  shares: readonly ShareSegment[],
): RoleEnergy {
  const { timesNs, gapBefore, periodNs } = window;
  let joules = 0;
  let variance = 0;
  const steps: number[] = [];
  for (let k = 1; k < timesNs.length; k++) {
    if (gapBefore[k] === 1) continue;
    const [t0, t1, p0, p1] = [at(timesNs, k - 1), at(timesNs, k), at(watts, k - 1), at(watts, k)];
    const fromNs = Math.max(t0, span.startNs);
    const toNs = Math.min(t1, span.endNs);
    const whole = ((p0 + p1) / 2) * (t1 - t0) * NS;
    const outside = (p0 * (fromNs - t0) + p1 * (t1 - toNs)) * NS;
    joules += (whole - outside) * meanShare(shares, fromNs, toNs);
    // The period that counts at an edge is this interval's, or the device's own refresh where that is slower.
    const periodSeconds = Math.max(t1 - t0, periodNs) * NS;
    const clockSeconds = Math.hypot(span.uncertaintyNs, at(window.uncertaintiesNs, k)) * NS;
    const step = p1 - p0;
    const edge = step * step * (periodSeconds ** 2 / 12 + clockSeconds ** 2);
    if (t0 <= span.startNs && span.startNs < t1) {
      steps.push(step * step);
      variance += edge * shareAt(shares, span.startNs) ** 2;
    }
    if (t0 < span.endNs && span.endNs <= t1) {
      steps.push(step * step);
      variance += edge * shareAt(shares, span.endNs) ** 2;
    }
    for (const change of changes(shares, fromNs, toNs)) variance += edge * change * change;
  }
  const edgeSteps = steps.length === 0 ? 0 : steps.reduce((a, b) => a + b, 0) / steps.length;
  return { joules, stderr: Math.sqrt(variance), edgeSteps };
}

function coveredNs({ timesNs, gapBefore }: PowerWindow, startNs: number, endNs: number): number {
  let covered = 0;
  for (let k = 1; k < timesNs.length; k++) {
    if (gapBefore[k] === 1) continue;
    covered += Math.max(0, Math.min(at(timesNs, k), endNs) - Math.max(at(timesNs, k - 1), startNs));
  }
  return covered;
}

/** Mean share between two instants, weighted by time; at a single instant the share there. */
function meanShare(shares: readonly ShareSegment[], fromNs: number, toNs: number): number {
  if (toNs <= fromNs) return shareAt(shares, fromNs);
  let sum = 0;
  for (const segment of shares) {
    sum += segment.share * Math.max(0, Math.min(segment.toNs, toNs) - Math.max(segment.fromNs, fromNs));
  }
  return sum / (toNs - fromNs);
}

function shareAt(shares: readonly ShareSegment[], timeNs: number): number {
  return shares.find((segment) => segment.fromNs <= timeNs && timeNs <= segment.toNs)?.share ?? 0;
}

/** By how much the share changes at each instant strictly between two. */
function changes(shares: readonly ShareSegment[], fromNs: number, toNs: number): number[] {
  return shares.flatMap((segment, k) => {
    const before = shares[k - 1];
    if (before === undefined || segment.fromNs <= fromNs || segment.fromNs >= toNs) return [];
    return [segment.share - before.share];
  });
}

/** Reads an index that the loops above keep inside the array. */
function at(array: Float64Array, k: number): number {
  return array[k] ?? Number.NaN;
}
