/** A histogram with explicit bounds: `counts` has one more entry than `boundaries`, for the values above the last. */
export interface Distribution {
  readonly boundaries: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
}

/**
 * The value below which the share `q` (0 to 1) of a histogram lies, by linear interpolation within its bucket: as
 * `histogram_quantile` of Prometheus computes it. The first bucket begins at 0 where its bound is above 0; a value above
 * the last bound is reported as that bound. Undefined for an empty histogram, because nothing was measured.
 *
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function histogramQuantile(q: number, { boundaries, counts }: Distribution): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const last = boundaries.at(-1);
  if (total === 0 || last === undefined) return undefined;
  const rank = q * total;
  let below = 0;
  for (const [i, bound] of boundaries.entries()) {
    const count = counts[i] ?? 0;
    if (count > 0 && below + count >= rank) {
      const start = boundaries[i - 1] ?? Math.min(0, bound);
      return start + (bound - start) * ((rank - below) / count);
    }
    below += count;
  }
  return last;
}

/** What was added to a histogram since an earlier state of it. A histogram that was reset in between counts whole. */
export function increase(now: Distribution, before: Distribution | undefined): Distribution {
  const isLater =
    before !== undefined &&
    before.boundaries.length === now.boundaries.length &&
    now.counts.every((count, i) => count >= (before.counts[i] ?? 0));
  if (!isLater) return now;
  const counts = now.counts.map((count, i) => count - (before.counts[i] ?? 0));
  return { boundaries: now.boundaries, counts, sum: now.sum - before.sum };
}
