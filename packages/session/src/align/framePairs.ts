import type { StageEvent } from '@benchlab-otel/core';
import type { Pairing } from '@benchlab-otel/wire';

/** Two events of one frame. */
export interface FramePair {
  readonly from: StageEvent;
  readonly to: StageEvent;
  readonly pairing: Pairing;
}

/** The frames of one pair of stages. */
export interface FramePairs {
  readonly pairs: readonly FramePair[];
  /** Events at the first stage that had no second one within the window. */
  readonly dropped: number;
  /** Events at the second stage without a first one. */
  readonly unmatched: number;
  /** Events of a frame that had been at that stage before: the first counts. */
  readonly repeated: number;
}

/**
 * Finds which events of two stages are of one frame: by frame id where events have one, the others by order of time. A second
 * event comes at the time of the first or later, within the window.
 *
 * @param events in any order; those of other stages are ignored
 * @param windowNs the longest time between the two stages, ns
 */
export function framePairs(
  events: readonly StageEvent[],
  [from, to]: readonly [string, string],
  windowNs: number,
): FramePairs {
  const sorted = events.toSorted(byTime);
  const [first, second] = [distinct(sorted, from), distinct(sorted, to)];
  const byFrame = pairedByFrame(first.framed, second.framed, windowNs);
  const byOrder = pairedByOrder(first.plain, second.plain, windowNs);
  const pairs = [...byFrame, ...byOrder].sort((a, b) => byTime(a.to, b.to));
  return {
    pairs,
    dropped: first.framed.size + first.plain.length - pairs.length,
    unmatched: second.framed.size + second.plain.length - pairs.length,
    repeated: first.repeated + second.repeated,
  };
}

/** In an order that does not depend on that of the input. */
function byTime(a: StageEvent, b: StageEvent): number {
  return a.timeNs - b.timeNs || compare(a.frameId ?? '', b.frameId ?? '');
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function distinct(events: readonly StageEvent[], stage: string) {
  const framed = new Map<string, StageEvent>();
  const plain: StageEvent[] = [];
  let repeated = 0;
  for (const event of events) {
    if (event.stage !== stage) continue;
    if (event.frameId === undefined) plain.push(event);
    else if (framed.has(event.frameId)) repeated++;
    else framed.set(event.frameId, event);
  }
  return { framed, plain, repeated };
}

function pairedByFrame(
  first: ReadonlyMap<string, StageEvent>,
  second: ReadonlyMap<string, StageEvent>,
  windowNs: number,
): FramePair[] {
  return [...second].flatMap(([frameId, to]) => {
    const from = first.get(frameId);
    return from !== undefined && isWithin(from, to, windowNs) ? [{ from, to, pairing: 'frame' as const }] : [];
  });
}

/** The oldest event that waits gets the next second one. One that waits longer than the window was dropped. */
function pairedByOrder(first: readonly StageEvent[], second: readonly StageEvent[], windowNs: number): FramePair[] {
  const pairs: FramePair[] = [];
  let waiting = 0;
  for (const to of second) {
    while (waiting < first.length && to.timeNs - (first[waiting]?.timeNs ?? to.timeNs) > windowNs) waiting++;
    const from = first[waiting];
    if (from === undefined || !isWithin(from, to, windowNs)) continue;
    pairs.push({ from, to, pairing: 'fifo' });
    waiting++;
  }
  return pairs;
}

function isWithin(from: StageEvent, to: StageEvent, windowNs: number): boolean {
  return to.timeNs >= from.timeNs && to.timeNs - from.timeNs <= windowNs;
}
