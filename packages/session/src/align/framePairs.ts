import type { StageEvent } from '@benchlab-otel/core';
import { type FramePair, FramePairing } from './framePairing.ts';

/** The frames of one pair of stages. */
export interface FramePairs {
  /** In the order of the second time. */
  readonly pairs: readonly FramePair[];
  readonly dropped: number;
  /** When the frames that were dropped reached the first stage, CLOCK_MONOTONIC, ns. */
  readonly droppedNs: readonly number[];
  readonly unmatched: number;
  readonly repeated: number;
}

/**
 * The frames of one pair of stages, found as they are while a session is recorded: see `FramePairing`.
 *
 * @param sorted events in the order of `inOrder`; those of other stages are ignored
 * @param windowNs the longest time between the two stages, ns
 */
export function framePairs(
  sorted: readonly StageEvent[],
  [from, to]: readonly [string, string],
  windowNs: number,
): FramePairs {
  const droppedNs: number[] = [];
  const pairing = new FramePairing([from, to], windowNs, ({ timeNs }) => void droppedNs.push(timeNs));
  const pairs: FramePair[] = [];
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    const timeNs = sorted[start]?.timeNs;
    while (sorted[end]?.timeNs === timeNs) end++;
    for (let at = start; at < end; at++) {
      const event = sorted[at];
      if (event?.stage === from) pairing.from(event);
    }
    for (let at = start; at < end; at++) {
      const event = sorted[at];
      const pair = event?.stage === to ? pairing.to(event) : undefined;
      if (pair !== undefined) pairs.push(pair);
    }
  }
  pairing.expire(Number.POSITIVE_INFINITY);
  const { dropped, unmatched, repeated } = pairing;
  return { pairs, dropped, droppedNs, unmatched, repeated };
}

/** An order that does not depend on that of the input: by time, then frame, then trace. */
export function inOrder(events: readonly StageEvent[]): readonly StageEvent[] {
  return events.toSorted(
    (a, b) =>
      a.timeNs - b.timeNs ||
      compare(a.frameId ?? '', b.frameId ?? '') ||
      compare(a.traceId ?? '', b.traceId ?? '') ||
      a.uncertaintyNs - b.uncertaintyNs,
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
