import { type EnergyRole, energyRoles, type PowerWindow } from '@benchlab-otel/core';
import type { IntervalWatts, SampleInterval } from './settlement/settleInterval.ts';

/**
 * The interval before sample `k` of a window, for `k` from 1 on.
 *
 * @param isMean the meter shows the mean power since the sample before
 * @param roles those of the meter that are wanted
 */
export function sampleInterval(
  window: PowerWindow,
  k: number,
  isMean: boolean,
  roles: readonly EnergyRole[] = energyRoles,
): SampleInterval {
  const watts: Partial<Record<EnergyRole, IntervalWatts>> = {};
  for (const role of roles) {
    const values = window.watts[role];
    const [before, at] = [values?.[k - 1], values?.[k]];
    // NaN where a sample had no value for the role.
    if (before === undefined || at === undefined || !Number.isFinite(before + at)) continue;
    watts[role] = { before, mean: isMean ? at : (before + at) / 2, after: at };
  }
  return {
    fromNs: window.timesNs[k - 1] ?? Number.NaN,
    toNs: window.timesNs[k] ?? Number.NaN,
    watts,
    isMean,
    isGap: window.gapBefore[k] === 1,
    uncertaintyNs: window.uncertaintiesNs[k] ?? 0,
    periodNs: window.periodNs,
  };
}

/**
 * The same for a meter that shows the mean of the last `smearNs`: such a value is that of half a window ago, and the
 * power before and after a step in it is that of half a window further. Undefined until the samples for that have come.
 */
export function smearedInterval(
  window: PowerWindow,
  k: number,
  smearNs: number,
  roles: readonly EnergyRole[] = energyRoles,
): SampleInterval | undefined {
  const plain = sampleInterval(window, k, false, roles);
  const halfNs = smearNs / 2;
  const later = indexAtOrAfter(window.timesNs, plain.toNs + halfNs);
  if (later === undefined) return undefined;
  const earlier = Math.max(0, (indexAtOrAfter(window.timesNs, plain.fromNs - halfNs) ?? 0) - 1);
  const watts: Partial<Record<EnergyRole, IntervalWatts>> = {};
  for (const role of roles) {
    const of = plain.watts[role];
    if (of === undefined) continue;
    const [before, after] = [window.watts[role]?.[earlier] ?? Number.NaN, window.watts[role]?.[later] ?? Number.NaN];
    watts[role] = {
      before: Number.isFinite(before) ? before : of.before,
      mean: of.mean,
      after: Number.isFinite(after) ? after : of.after,
    };
  }
  return { ...plain, fromNs: plain.fromNs - halfNs, toNs: plain.toNs - halfNs, watts, smearNs };
}

function indexAtOrAfter(timesNs: Float64Array, timeNs: number): number | undefined {
  let low = 0;
  let high = timesNs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesNs[middle] ?? 0) >= timeNs) high = middle;
    else low = middle + 1;
  }
  return low < timesNs.length ? low : undefined;
}
