import type { FactStore } from './factStore.ts';
import { powerAt } from './rows.ts';

/** Latency against the power at its time. */
export interface Scatter {
  /** Parallel lists, oldest first. */
  readonly powerWatts: readonly number[];
  readonly latencyMs: readonly number[];
  /** The greatest age of a power in it, ms. Absent without a point. */
  readonly oldestPowerMs?: number;
  /** Runs or frames of the series in the range, with and without power: the points are the newest of those with power. */
  readonly of: number;
}

/** The newest `most` of the rows that have a power. */
export function scatterOf(store: FactStore, rows: readonly number[], most: number): Scatter {
  const [powerWatts, latencyMs]: [number[], number[]] = [[], []];
  let oldest = 0;
  for (let at = rows.length - 1; at >= 0 && powerWatts.length < most; at--) {
    const row = rows[at] ?? 0;
    const power = powerAt(store, row);
    if (power === undefined) continue;
    powerWatts.push(power.watts);
    latencyMs.push(store.latencies.latencyMs(row));
    oldest = Math.max(oldest, power.ageMs);
  }
  const age = powerWatts.length === 0 ? {} : { oldestPowerMs: oldest };
  return { powerWatts: powerWatts.reverse(), latencyMs: latencyMs.reverse(), ...age, of: rows.length };
}
