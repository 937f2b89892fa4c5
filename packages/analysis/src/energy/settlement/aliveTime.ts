/** In which part of an interval any span was alive. */
export interface AliveTime {
  /** ns */
  readonly ns: number;
  readonly atStart: boolean;
  readonly atEnd: boolean;
  /** A span began or ended within the interval. */
  readonly hasEdges: boolean;
}

/**
 * The union of the lives of spans within one interval.
 *
 * @param lives pairs of start and end, cut to the interval, ns
 */
export function aliveTime(lives: readonly (readonly [number, number])[], fromNs: number, toNs: number): AliveTime {
  let hasEdges = false;
  let isWhole = false;
  for (const [start, end] of lives) {
    if (start > fromNs || end < toNs) hasEdges = true;
    else isWhole = true;
  }
  if (isWhole) return { ns: toNs - fromNs, atStart: true, atEnd: true, hasEdges };
  const sorted = lives.toSorted((a, b) => a[0] - b[0]);
  let ns = 0;
  let reached = fromNs;
  for (const [start, end] of sorted) {
    ns += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  const first = sorted[0]?.[0] ?? toNs;
  return { ns, atStart: first <= fromNs, atEnd: sorted.length > 0 && reached >= toNs, hasEdges };
}
