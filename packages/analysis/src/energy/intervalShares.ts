import type { ShareSegment } from './shares.ts';

/** The share of an operation within one sample interval, as far as the operation lasted. */
export interface IntervalShare {
  /** Weighted by time. */
  readonly mean: number;
  readonly variance: number;
}

/**
 * The shares of an operation in each interval between samples, in one pass over both: entry k is for the interval from
 * `timesNs[k]` to `timesNs[k + 1]`, cut to the operation.
 */
export function sharesByInterval(
  timesNs: Float64Array,
  span: { readonly startNs: number; readonly endNs: number },
  segments: readonly ShareSegment[],
): IntervalShare[] {
  const result: IntervalShare[] = [];
  let first = 0; // the first segment that may reach into the interval
  for (let k = 1; k < timesNs.length; k++) {
    const fromNs = Math.max(timesNs[k - 1] ?? 0, span.startNs);
    const toNs = Math.min(timesNs[k] ?? 0, span.endNs);
    while (first < segments.length - 1 && (segments[first]?.toNs ?? 0) <= fromNs) first++;
    result.push(shareWithin(segments, first, fromNs, toNs));
  }
  return result;
}

function shareWithin(segments: readonly ShareSegment[], first: number, fromNs: number, toNs: number): IntervalShare {
  // An interval that only touches the operation: the share there is that of the segment it touches.
  if (toNs <= fromNs) return { mean: segments[first]?.share ?? 0, variance: 0 };
  let sum = 0;
  let squares = 0;
  for (let n = first; n < segments.length; n++) {
    const segment = segments[n];
    if (segment === undefined || segment.fromNs >= toNs) break;
    const ns = Math.min(segment.toNs, toNs) - Math.max(segment.fromNs, fromNs);
    sum += segment.share * ns;
    squares += segment.share ** 2 * ns;
  }
  const mean = sum / (toNs - fromNs);
  return { mean, variance: Math.max(0, squares / (toNs - fromNs) - mean ** 2) };
}
