/**
 * The `percent`-th percentile of values that are sorted from small to large, by nearest rank: always a value that was
 * observed. Undefined when there are none.
 */
export function percentile(sorted: ArrayLike<number>, percent: number): number | undefined {
  const rank = Math.ceil((percent / 100) * sorted.length);
  return sorted[Math.max(rank, 1) - 1];
}
