import { type EnergyRole, energyRoles, type PowerWindow } from '@benchlab-otel/core';
import type { IntervalWatts, SampleInterval } from './settlement/settleInterval.ts';

/**
 * The interval before sample `k` of a window, for `k` from 1 on.
 *
 * @param isMean the meter shows the mean power since the sample before
 */
export function sampleInterval(window: PowerWindow, k: number, isMean: boolean): SampleInterval {
  const watts: Partial<Record<EnergyRole, IntervalWatts>> = {};
  for (const role of energyRoles) {
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
