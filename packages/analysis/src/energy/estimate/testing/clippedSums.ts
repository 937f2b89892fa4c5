import type { MeterSamples, OperationCalls } from '../estimateInput.ts';

/**
 * The method before this estimator, for comparison: each call gets the trapezoids over its sample intervals without the
 * parts outside of it, at the power of the outer samples; errors of calls shorter than a period count as independent,
 * and their size comes from the steps around the calls that a sample fell into.
 *
 * @returns undefined where fewer than three calls hold a sample
 */
export function clippedSums(
  { timesNs, watts }: MeterSamples,
  { startsNs, endsNs }: OperationCalls,
  periodSeconds: number,
): { readonly low: number; readonly high: number } | undefined {
  let joules = 0;
  let steps = 0;
  let sampled = 0;
  let spread = 0;
  let k = 0;
  for (let call = 0; call < startsNs.length; call++) {
    const start = (startsNs[call] ?? 0) / 1e9;
    const end = (endsNs[call] ?? 0) / 1e9;
    while (k > 0 && (timesNs[k] ?? 0) / 1e9 > start) k--;
    while (k + 1 < timesNs.length && (timesNs[k + 1] ?? 0) / 1e9 <= start) k++;
    let hasSample = false;
    let edges = 0;
    for (let i = k; i + 1 < timesNs.length && (timesNs[i] ?? 0) / 1e9 < end; i++) {
      const [t0, t1] = [(timesNs[i] ?? 0) / 1e9, (timesNs[i + 1] ?? 0) / 1e9];
      const [p0, p1] = [watts[i] ?? 0, watts[i + 1] ?? 0];
      const from = Math.max(t0, start);
      const to = Math.min(t1, end);
      if (to < from) continue;
      joules += ((p0 + p1) / 2) * (t1 - t0) - p0 * (from - t0) - p1 * (t1 - to);
      edges += (p1 - p0) ** 2;
      hasSample ||= t1 >= start && t1 <= end;
    }
    const share = (end - start) / periodSeconds;
    spread += share < 1 ? share * (1 - share) : 2 / 12;
    if (hasSample) {
      steps += edges / 2;
      sampled++;
    }
  }
  if (sampled < 3) return undefined;
  const half = 1.96 * Math.sqrt((steps / sampled) * periodSeconds ** 2 * spread);
  return { low: joules - half, high: joules + half };
}
