import type { AlignedPair } from '../align/alignedRows.ts';

const nsPerMs = 1e6;

/** When the frames of a pair reached the first stage, from old to new, and whether the second one followed. */
export interface EnteredFrame {
  /** CLOCK_MONOTONIC, ns. */
  readonly timeNs: number;
  readonly isDropped: boolean;
}

/** The frames that reached the first stage of a pair, those that were dropped too. */
export function enteredFrames({ rows, droppedNs }: AlignedPair): readonly EnteredFrame[] {
  const arrived = rows.map(({ timeNs, latencyMs }) => ({ timeNs: timeNs - latencyMs * nsPerMs, isDropped: false }));
  const dropped = droppedNs.map((timeNs) => ({ timeNs, isDropped: true }));
  return [...arrived, ...dropped].sort((a, b) => a.timeNs - b.timeNs);
}
