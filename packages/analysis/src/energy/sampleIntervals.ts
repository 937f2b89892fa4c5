import { type EnergyRole, energyRoles, type PowerWindow } from '@benchlab-otel/core';
import type { SampleInterval } from './settlement/settleInterval.ts';

/** The interval before sample `k` of a window, for `k` from 1 on. */
export function sampleInterval(window: PowerWindow, k: number): SampleInterval {
  const watts: Partial<Record<EnergyRole, readonly [number, number]>> = {};
  for (const role of energyRoles) {
    const values = window.watts[role];
    const [before, after] = [values?.[k - 1], values?.[k]];
    // NaN where a sample had no value for the role.
    if (before !== undefined && after !== undefined && Number.isFinite(before + after)) watts[role] = [before, after];
  }
  return {
    fromNs: window.timesNs[k - 1] ?? Number.NaN,
    toNs: window.timesNs[k] ?? Number.NaN,
    watts,
    isGap: window.gapBefore[k] === 1,
    uncertaintyNs: window.uncertaintiesNs[k] ?? 0,
    periodNs: window.periodNs,
  };
}
