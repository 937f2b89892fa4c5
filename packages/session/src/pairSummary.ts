import type { LatencyRow } from '@benchlab-otel/wire';
import type { AlignedPair } from './align/alignedRows.ts';

/** Frames that a summary names. */
const worstFrames = 5;

/** The frames of one pair of stages in figures. What was not measured is absent. */
export interface PairSummary {
  readonly pair: readonly [from: string, to: string];
  readonly frames: number;
  /** Absent where only rows are left. */
  readonly dropped?: number;
  readonly unmatched: number;
  readonly p50Ms?: number;
  readonly p95Ms?: number;
  readonly p99Ms?: number;
  readonly maxMs?: number;
  /** Mean energy of the whole bench while a frame was between the stages, J, of the frames that have one. */
  readonly joulesPerFrame?: number;
  /** Share of the frames that have energy, 0 to 1. */
  readonly energyCoverage: number;
  /** How many frames were paired by order of time. */
  readonly byOrder: number;
  readonly simulated: boolean;
  /** The frames with the greatest latency, that first; of two with the same one the earlier. */
  readonly worst: readonly LatencyRow[];
}

/** Percentiles are by nearest rank: always a latency that was measured. */
export function pairSummary({ pair, rows, dropped, unmatched }: AlignedPair): PairSummary {
  const sorted = Float64Array.from(rows, ({ latencyMs }) => latencyMs).sort();
  const at = (share: number) => sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1];
  const joules = rows.flatMap(({ energyJoules }) => energyJoules ?? []);
  const figures = {
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    maxMs: sorted.at(-1),
    joulesPerFrame: joules.length === 0 ? undefined : joules.reduce((sum, each) => sum + each, 0) / joules.length,
  };
  return {
    pair,
    frames: rows.length,
    ...(dropped === undefined ? {} : { dropped }),
    unmatched,
    ...Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined)),
    energyCoverage: rows.length === 0 ? 0 : joules.length / rows.length,
    byOrder: rows.filter(({ pairing }) => pairing === 'fifo').length,
    simulated: rows.some(({ simulated }) => simulated === true),
    worst: rows.toSorted((a, b) => b.latencyMs - a.latencyMs || a.timeNs - b.timeNs).slice(0, worstFrames),
  };
}
