import { numberOption, type StageEvent } from '@benchlab-otel/core';
import type { LatencyRow, RawPower } from '@benchlab-otel/wire';
import { isFlowStage } from '../flow/flow.ts';
import type { FramePair } from './framePairing.ts';
import { framePairs, inOrder } from './framePairs.ts';
import { PowerSeries } from './powerSeries.ts';

/** How stages are joined. */
export interface AlignOptions {
  /** Pairs of stages. Default: neighbours, in the order in which stages are first reached; marks of a flow are left out. */
  readonly pairs?: readonly (readonly [from: string, to: string])[];
  /** The longest time between the two stages, ms. Default 2,000. */
  readonly windowMs?: number;
}

/** What a session says of one pair of stages. */
export interface AlignedPair {
  readonly pair: readonly [from: string, to: string];
  readonly rows: readonly LatencyRow[];
  /** Events at the first stage that had no second one within the window. Not known where only rows are left. */
  readonly dropped: number | undefined;
  /** When those reached the first stage, CLOCK_MONOTONIC, ns. */
  readonly droppedNs: readonly number[];
  /** Events at the second stage without a first one. */
  readonly unmatched: number;
  /** Events of a frame that had been at that stage before, within the window. */
  readonly repeated: number;
}

export const defaultWindowMs = 2_000;
const nsPerMs = 1e6;

/**
 * Joins the stages of a session in pairs, and each frame with the power of the bench. The same lines give the same rows, in
 * whichever order they come.
 *
 * @throws OptionError for a window that is not a number above 0
 */
export function alignedPairs(
  events: readonly StageEvent[],
  powers: readonly RawPower[],
  { pairs, windowMs = defaultWindowMs }: AlignOptions = {},
): readonly AlignedPair[] {
  const windowNs = numberOption('windowMs', windowMs, { least: Number.MIN_VALUE }) * nsPerMs;
  const series = new PowerSeries(powers);
  const sorted = inOrder(events);
  return (pairs ?? neighbours(events)).map((pair) => {
    const { pairs: frames, ...counts } = framePairs(sorted, pair, windowNs);
    return { pair, rows: frames.map((frame) => rowOf(pair, frame, series)), ...counts };
  });
}

/** All rows of a session in the order of its file: second time, pair, frame. */
export function rowsInOrder(pairs: readonly AlignedPair[]): readonly LatencyRow[] {
  // The sort is stable, and the rows of a pair are in the order of time and frame.
  return pairs.flatMap(({ rows }) => rows).sort((a, b) => a.timeNs - b.timeNs);
}

/** A frame with the power of the bench. */
export function rowOf(pair: AlignedPair['pair'], { from, to, pairing }: FramePair, series: PowerSeries): LatencyRow {
  const power = series.at(from.timeNs);
  const energy = series.energy(from.timeNs, to.timeNs);
  const frameId = from.frameId ?? to.frameId;
  const simulated = [from, to, power, energy].some((each) => each?.simulated === true);
  return {
    timeNs: to.timeNs,
    pair,
    latencyMs: (to.timeNs - from.timeNs) / nsPerMs,
    uncertaintyMs: (from.uncertaintyNs + to.uncertaintyNs) / nsPerMs,
    pairing,
    ...(frameId === undefined ? {} : { frameId }),
    ...(from.traceId !== undefined && from.traceId === to.traceId ? { traceId: from.traceId } : {}),
    ...(power === undefined ? {} : { powerWatts: power.watts, powerAgeMs: power.ageNs / nsPerMs }),
    ...(power?.stderrWatts === undefined ? {} : { powerStderrWatts: power.stderrWatts }),
    ...(energy === undefined ? {} : { energyJoules: energy.joules }),
    ...(simulated ? { simulated: true as const } : {}),
  };
}

function neighbours(events: readonly StageEvent[]): readonly (readonly [string, string])[] {
  const firstNs = new Map<string, number>();
  for (const { stage, timeNs } of events) {
    if (isFlowStage(stage)) continue;
    if (timeNs < (firstNs.get(stage) ?? Number.POSITIVE_INFINITY)) firstNs.set(stage, timeNs);
  }
  const stages = [...firstNs].sort(([a, atA], [b, atB]) => atA - atB || (a < b ? -1 : 1)).map(([stage]) => stage);
  return stages.slice(1).map((stage, at) => [stages[at] ?? stage, stage] as const);
}
