import type { EnergyRole, SampleHistory } from '@benchlab-otel/core';

/** Share of the window that samples must cover for its mean to be one. */
const leastCoverage = 0.8;

/**
 * Mean power of a source between two instants, in watts: the trapezoid over its samples, divided by the time that they
 * cover. Undefined where they cover too little of it, or something in it is not known.
 */
export function meanPower(
  history: SampleHistory,
  sourceId: string,
  role: EnergyRole,
  fromNs: number,
  toNs: number,
): number | undefined {
  const window = history.window(sourceId, fromNs, toNs);
  const watts = window?.watts[role];
  if (window === undefined || watts === undefined) return undefined;
  let joulesNs = 0;
  let coveredNs = 0;
  for (let k = 1; k < window.timesNs.length; k++) {
    const [t0, t1] = [window.timesNs[k - 1] ?? 0, window.timesNs[k] ?? 0];
    const [p0, p1] = [watts[k - 1] ?? Number.NaN, watts[k] ?? Number.NaN];
    const [from, to] = [Math.max(t0, fromNs), Math.min(t1, toNs)];
    if (to <= from || window.gapBefore[k] === 1) continue;
    const at = (timeNs: number) => p0 + ((p1 - p0) * (timeNs - t0)) / (t1 - t0);
    joulesNs += ((at(from) + at(to)) / 2) * (to - from);
    coveredNs += to - from;
  }
  if (!(coveredNs >= leastCoverage * (toNs - fromNs))) return undefined;
  const mean = joulesNs / coveredNs;
  return Number.isNaN(mean) ? undefined : mean;
}
