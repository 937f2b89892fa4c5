import type { StageEvent } from '@benchlab-otel/core';
import type { AlignedPair } from '../align/alignedRows.ts';

const nsPerMs = 1e6;

/** When the frames of a pair reached the first stage, from old to new, and whether the second one followed. */
export interface EnteredFrame {
  /** CLOCK_MONOTONIC, ns. */
  readonly timeNs: number;
  readonly isDropped: boolean;
}

/**
 * The frames that reached the first stage of a pair, those that were dropped too.
 *
 * @param events of the session that the rows were made of, in any order
 */
export function enteredFrames(events: readonly StageEvent[], { pair, rows }: AlignedPair): readonly EnteredFrame[] {
  const withFrame = new Set(rows.flatMap(({ frameId }) => frameId ?? []));
  const plain = new Map<number, number>();
  for (const { frameId, timeNs, latencyMs } of rows) {
    if (frameId !== undefined) continue;
    const enteredNs = Math.round(timeNs - latencyMs * nsPerMs);
    plain.set(enteredNs, (plain.get(enteredNs) ?? 0) + 1);
  }
  const seen = new Set<string>();
  const frames: EnteredFrame[] = [];
  for (const { stage, timeNs, frameId } of events.toSorted((a, b) => a.timeNs - b.timeNs)) {
    if (stage !== pair[0]) continue;
    if (frameId === undefined) {
      const left = plain.get(Math.round(timeNs)) ?? 0;
      plain.set(Math.round(timeNs), left - 1);
      frames.push({ timeNs, isDropped: left <= 0 });
    } else if (!seen.has(frameId)) {
      seen.add(frameId);
      frames.push({ timeNs, isDropped: !withFrame.has(frameId) });
    }
  }
  return frames;
}
