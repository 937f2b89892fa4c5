import { BenchlabError, energyRoles, SampleHistory } from '@benchlab-otel/core';

/** Samples of one source that are looked at: a minute at 100 Hz, and more. */
const capacity = 8192;
/** What the history knows of a gap is that it is one. */
const gap = new BenchlabError('DEVICE_LOST', 'The meter was silent.', 'See the report of its receiver.');

/** A copy of what a history has of a stretch of time, so that code that reads all of a history reads only this. */
export function recentHistory(history: SampleHistory, fromNs: number, untilNs: number): SampleHistory {
  const recent = new SampleHistory({ capacity });
  for (const { id } of history.sources) {
    const window = history.window(id, fromNs, untilNs);
    if (window === undefined) continue;
    const { source, timesNs, uncertaintiesNs, gapBefore, watts } = window;
    for (const [k, timeNs] of timesNs.entries()) {
      if (gapBefore[k] === 1) recent.lost({ source, timeNs, error: gap });
      const totals = Object.fromEntries(
        energyRoles.flatMap((role) => {
          const value = watts[role]?.[k];
          return value === undefined || Number.isNaN(value) ? [] : [[role, value]];
        }),
      );
      recent.sample({ source, timeNs, uncertaintyNs: uncertaintiesNs[k] ?? 0, readings: [], totals });
    }
  }
  return recent;
}
