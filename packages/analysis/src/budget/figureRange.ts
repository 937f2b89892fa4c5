import type { OperationSummary } from '../operations/operations.ts';

/** A figure of the calls that are known, and between which values it lies if calls are missing. */
export interface FigureRange {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export function exactly(value: number): FigureRange {
  return { value, low: value, high: value };
}

/**
 * A percentile by nearest rank. The missing calls may all be shorter than those that are known, or all longer, without a
 * bound: at the same rank among more calls stands another of the known durations, or one of the missing.
 */
export function percentileRange(operation: OperationSummary, percent: 50 | 90 | 95 | 99, missing: number): FigureRange {
  const value = operation[`p${percent}Seconds`];
  if (missing === 0) return exactly(value);
  const { sortedSeconds, calls } = operation;
  if (sortedSeconds === undefined || missing === Infinity) return { value, low: 0, high: Infinity };
  const rank = Math.max(1, Math.ceil((percent / 100) * (calls + missing)));
  return {
    value,
    low: sortedSeconds[rank - 1 - missing] ?? 0,
    high: sortedSeconds[rank - 1] ?? Infinity,
  };
}
