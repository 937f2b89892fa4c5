/** How often latencies fell into ranges of equal width. */
export interface Histogram {
  /** Where the first range begins, ms. */
  readonly fromMs: number;
  /** Width of a range, ms: 1, 2 or 5 times a power of ten. */
  readonly widthMs: number;
  readonly counts: readonly number[];
  /** Values above the last range, which would make the others too narrow to read. */
  readonly above: number;
  readonly n: number;
}

/** Values above this percentile are counted in `above`, where they would take more than half of the ranges. */
const shownShare = 0.99;

/**
 * @param values latencies in any order, ms
 * @param most ranges at most, at least 1
 */
export function histogram(values: ArrayLike<number>, most: number): Histogram | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const least = sorted[0] ?? 0;
  const greatest = sorted.at(-1) ?? 0;
  const high = sorted[Math.max(0, Math.ceil(shownShare * sorted.length) - 1)] ?? greatest;
  const end = greatest - least > 2 * (high - least) && high > least ? high : greatest;
  let widthMs = niceWidth((end - least) / most);
  let from = Math.floor(least / widthMs);
  while (Math.floor(end / widthMs) - from >= most) {
    widthMs = niceWidth(widthMs * 1.5);
    from = Math.floor(least / widthMs);
  }
  const counts = new Array<number>(Math.floor(end / widthMs) - from + 1).fill(0);
  let above = 0;
  for (const value of sorted) {
    const at = Math.floor(value / widthMs) - from;
    if (at < counts.length) counts[at] = (counts[at] ?? 0) + 1;
    else above++;
  }
  return { fromMs: from * widthMs, widthMs, counts, above, n: sorted.length };
}

/** The least of 1, 2 and 5 times a power of ten that is not below `width`. */
function niceWidth(width: number): number {
  if (!(width > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(width));
  return (([1, 2, 5, 10].find((step) => step * power >= width * (1 - 1e-9)) ?? 10) as number) * power;
}
