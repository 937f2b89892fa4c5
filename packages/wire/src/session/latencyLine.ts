import { isObject } from '@benchlab-otel/core';
import { isAmount, jsonObject } from '../lines/jsonObject.ts';

// The format of docs/formats/aligned.md, version 1: its writer and its reader.

/** A row needs some 250 bytes; the bound leaves room for long names and for fields that this reader does not know. */
export const maxLatencyLineBytes: number = 16 * 1024;

/** How the two events of a row were found to belong together. */
export type Pairing = 'frame' | 'trace' | 'fifo';

/** One frame between two stages, with the power of the bench while it was there. */
export interface LatencyRow {
  /** When it reached the second stage: CLOCK_MONOTONIC, ns. */
  readonly timeNs: number;
  /** The first and the second stage. */
  readonly pair: readonly [from: string, to: string];
  readonly latencyMs: number;
  /** The greatest error of `latencyMs`: the clock brackets of both events. */
  readonly uncertaintyMs: number;
  /** By frame id, by trace, or by order of time (`fifo`), which is wrong once a frame was dropped. */
  readonly pairing: Pairing;
  /** Absent where the frames have no id. */
  readonly frameId?: string;
  /** Absent where the two events are not of one trace. */
  readonly traceId?: string;
  /** Power of the whole bench when the frame reached the first stage, W. Absent across a gap and after the last sample. */
  readonly powerWatts?: number;
  /**
   * Standard error of `powerWatts`, W, from how far samples lie from the lines between their neighbours. Absent with fewer than
   * five samples around.
   */
  readonly powerStderrWatts?: number;
  /** From the first stage to the nearest sample that `powerWatts` is made of, ms. */
  readonly powerAgeMs?: number;
  /** Energy of the whole bench between the two stages, J. Absent where a sample is missing. */
  readonly energyJoules?: number;
  /** An event or a sample of it was made up. */
  readonly simulated?: true;
}

/** What one line holds; undefined for a blank line. */
export type LatencyLine = { readonly row: LatencyRow } | { readonly reason: string } | undefined;

/** A row as one line of JSON without its end. Numbers that are absent have no field. */
export function formatLatencyLine(row: LatencyRow): string {
  return JSON.stringify({
    ts_aligned_ns: row.timeNs,
    source: 'metric.latency',
    kv: {
      lat_ms: row.latencyMs,
      pair: row.pair,
      power_w: row.powerWatts,
      power_stderr: row.powerStderrWatts,
      power_age_ms: row.powerAgeMs,
      energy_j: row.energyJoules,
      lat_uncertainty_ms: row.uncertaintyMs,
      pairing: row.pairing,
      frame_id: row.frameId,
      trace_id: row.traceId,
      simulated: row.simulated,
    },
  });
}

/**
 * Reads one line. Unknown fields are ignored; the fields that the program of the seed does not write may be absent. A refused
 * line is returned with the reason: this function never throws.
 */
export function parseLatencyLine(text: string): LatencyLine {
  if (text.trim() === '') return undefined;
  const line = jsonObject(text);
  if (line === undefined) return { reason: 'not a JSON object' };
  if (line.source !== 'metric.latency') return { reason: '"source" is not "metric.latency"' };
  const { ts_aligned_ns: timeNs, kv } = line;
  if (!isAmount(timeNs) || timeNs > Number.MAX_SAFE_INTEGER) return { reason: 'no "ts_aligned_ns" in nanoseconds' };
  if (!isObject(kv)) return { reason: 'no "kv"' };
  const { lat_ms: latencyMs, pair, lat_uncertainty_ms: uncertaintyMs = 0, pairing = 'fifo' } = kv;
  if (!isAmount(latencyMs)) return { reason: 'no "lat_ms" in "kv"' };
  if (!isPair(pair)) return { reason: '"pair" in "kv" is not two names' };
  if (!isAmount(uncertaintyMs)) return { reason: '"lat_uncertainty_ms" in "kv" is not a number' };
  if (pairing !== 'frame' && pairing !== 'trace' && pairing !== 'fifo')
    return { reason: '"pairing" in "kv" is not known' };
  const numbers = ['power_w', 'power_stderr', 'power_age_ms', 'energy_j'];
  const wrong = numbers.find((name) => kv[name] != null && !Number.isFinite(kv[name]));
  if (wrong !== undefined) return { reason: `"${wrong}" in "kv" is not a number` };
  const figures = {
    powerWatts: kv.power_w,
    powerStderrWatts: kv.power_stderr,
    powerAgeMs: kv.power_age_ms,
    energyJoules: kv.energy_j,
  };
  return {
    row: {
      timeNs,
      pair: [pair[0], pair[1]],
      latencyMs,
      uncertaintyMs,
      pairing,
      ...(typeof kv.frame_id === 'string' ? { frameId: kv.frame_id } : {}),
      ...(typeof kv.trace_id === 'string' ? { traceId: kv.trace_id } : {}),
      ...Object.fromEntries(Object.entries(figures).filter(([, value]) => value != null)),
      ...(kv.simulated === true ? { simulated: true as const } : {}),
    },
  };
}

function isPair(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((name) => typeof name === 'string' && name !== '');
}
