import { percentile } from '@benchlab-otel/analysis/figures';
import type { Latencies } from './latencies.ts';
import type { Series } from './series.ts';

/** The runs or frames of one series in a range of time, in figures. What was not measured is absent. */
export interface LatencySummary {
  readonly series: Series;
  /** Runs or frames with a latency: the n of the percentiles. */
  readonly n: number;
  /** Completed, with or without a known latency, and without an error. */
  readonly succeeded: number;
  /** Completed with an error. */
  readonly failed: number;
  /** Frames that never reached the second stage. */
  readonly dropped: number;
  /** Succeeded of all, 0 to 1. Absent when nothing ended. */
  readonly successShare?: number;
  readonly lastMs?: number;
  /** The newest latency, ms; the others by nearest rank, so each was measured. */
  readonly currentMs?: number;
  readonly minMs?: number;
  readonly meanMs?: number;
  readonly p50Ms?: number;
  readonly p95Ms?: number;
  readonly p99Ms?: number;
  readonly maxMs?: number;
  /** Mean energy of the whole bench for one, J, of those that have it. */
  readonly joules?: number;
  /** How many have energy. */
  readonly energyN: number;
  readonly isSimulated: boolean;
  /** Some were paired by order of time, which is wrong once a frame was dropped. */
  readonly isByOrder: boolean;
}

class Tally {
  /** In the order of time until they are sorted for percentiles. */
  readonly latencies: Float64Array;
  n = 0;
  sum = 0;
  current: number | undefined;
  succeeded = 0;
  failed = 0;
  dropped = 0;
  energy = 0;
  energyN = 0;
  lastMs: number | undefined;
  isSimulated = false;
  isByOrder = false;

  constructor(rows: number) {
    this.latencies = new Float64Array(rows);
  }
}

/** Summaries of all series that have rows from `fromMs` to `toMs`, the one with the most rows first, of these the one that came first. */
export function summaries(latencies: Latencies, fromMs: number, toMs: number): readonly LatencySummary[] {
  const [start, end] = latencies.range(fromMs, toMs);
  // Counted first: lists that grow would leave megabytes of garbage in each call.
  const counts = new Uint32Array(latencies.series.length);
  for (let row = start; row < end; row++) {
    const number = latencies.seriesNumber(row);
    counts[number] = (counts[number] ?? 0) + 1;
  }
  const tallies = new Map<number, Tally>();
  for (const [number, count] of counts.entries()) if (count > 0) tallies.set(number, new Tally(count));
  for (let row = start; row < end; row++) {
    const tally = tallies.get(latencies.seriesNumber(row));
    if (tally !== undefined) addRow(tally, latencies, row);
  }
  return [...tallies]
    .flatMap(([number, tally]) => {
      const series = latencies.series[number];
      return series === undefined ? [] : [summaryOf(series, tally)];
    })
    .sort((a, b) => ended(b) - ended(a));
}

function addRow(tally: Tally, latencies: Latencies, row: number): void {
  const outcome = latencies.outcome(row);
  if (outcome === 'ok') tally.succeeded++;
  else if (outcome === 'failed') tally.failed++;
  else tally.dropped++;
  const latencyMs = latencies.latencyMs(row);
  if (!Number.isNaN(latencyMs)) {
    tally.latencies[tally.n++] = latencyMs;
    tally.sum += latencyMs;
    tally.current = latencyMs;
  }
  const joules = latencies.energyJoules(row);
  if (!Number.isNaN(joules)) {
    tally.energy += joules;
    tally.energyN++;
  }
  tally.lastMs = latencies.timeMs(row);
  tally.isSimulated ||= latencies.isSimulated(row);
  tally.isByOrder ||= latencies.isByOrder(row);
}

function summaryOf(series: Series, tally: Tally): LatencySummary {
  const { n, sum, current, succeeded, failed, dropped, energy, energyN, lastMs, isSimulated, isByOrder } = tally;
  const all = succeeded + failed + dropped;
  const sorted = tally.latencies.subarray(0, n).sort();
  const figures = {
    successShare: all === 0 ? undefined : succeeded / all,
    lastMs,
    currentMs: current,
    minMs: sorted[0],
    meanMs: n === 0 ? undefined : sum / n,
    p50Ms: percentile(sorted, 50),
    p95Ms: percentile(sorted, 95),
    p99Ms: percentile(sorted, 99),
    maxMs: sorted.at(-1),
    joules: energyN === 0 ? undefined : energy / energyN,
  };
  return {
    series,
    n,
    succeeded,
    failed,
    dropped,
    energyN,
    isSimulated,
    isByOrder,
    ...Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined)),
  };
}

function ended({ succeeded, failed, dropped }: LatencySummary): number {
  return succeeded + failed + dropped;
}
