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
 * @param starts and `ends` of each span, cut to the interval, ns
 */
export function aliveTime(starts: Float64Array, ends: Float64Array, fromNs: number, toNs: number): AliveTime {
  let hasEdges = false;
  let isWhole = false;
  for (let k = 0; k < starts.length; k++) {
    if ((starts[k] ?? 0) > fromNs || (ends[k] ?? 0) < toNs) hasEdges = true;
    else isWhole = true;
  }
  if (isWhole) return { ns: toNs - fromNs, atStart: true, atEnd: true, hasEdges };
  // Both sorted by themselves: no span is alive between an end and a later start when as many have ended as started.
  const up = starts.slice().sort();
  const down = ends.slice().sort();
  let ns = 0;
  let begin = up[0] ?? 0;
  for (let k = 0; k < up.length; k++) {
    const end = down[k] ?? 0;
    const next = up[k + 1];
    if (next !== undefined && next <= end) continue;
    ns += end - begin;
    begin = next ?? 0;
  }
  return { ns, atStart: (up[0] ?? toNs) <= fromNs, atEnd: (down.at(-1) ?? fromNs) >= toNs, hasEdges };
}
