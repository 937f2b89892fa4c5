import type { FactStore } from './factStore.ts';
import type { Outcome } from './latencies.ts';
import type { Series } from './series.ts';

/** One visible run or frame, with the power that was joined. What was not measured is absent. */
export interface VisibleRow {
  readonly timeMs: number;
  readonly series: Series;
  readonly outcome: Outcome;
  readonly latencyMs?: number;
  readonly powerWatts?: number;
  /** From `timeMs` to the sample that `powerWatts` is, ms. */
  readonly powerAgeMs?: number;
  readonly energyJoules?: number;
  readonly isSimulated: boolean;
}

/** A sample that is further away says nothing of the power at a time: the bound of `power_watts` in runtime events, ms. */
const oldestPowerMs = 1_000;

/** Power at a time: of the row itself, else the nearest sample of the node within a second. */
export function powerAt(store: FactStore, row: number): { readonly watts: number; readonly ageMs: number } | undefined {
  const { latencies, gauges } = store;
  const stated = latencies.powerWatts(row);
  if (!Number.isNaN(stated)) return { watts: stated, ageMs: latencies.powerAgeMs(row) };
  const node = latencies.series[latencies.seriesNumber(row)]?.node;
  const values = node === undefined ? undefined : gauges.powerOf(node)?.values;
  const timeMs = latencies.timeMs(row);
  const nearest = values?.nearest(timeMs);
  if (values === undefined || nearest === undefined) return undefined;
  const ageMs = Math.abs(values.time(nearest) - timeMs);
  return ageMs <= oldestPowerMs ? { watts: values.value(0, nearest), ageMs } : undefined;
}

/** A row with all that is known of it. */
export function visibleRow(store: FactStore, row: number): VisibleRow | undefined {
  const { latencies } = store;
  const series = latencies.series[latencies.seriesNumber(row)];
  if (series === undefined) return undefined;
  const power = powerAt(store, row);
  const figures = {
    latencyMs: latencies.latencyMs(row),
    powerWatts: power?.watts ?? Number.NaN,
    powerAgeMs: power?.ageMs ?? Number.NaN,
    energyJoules: latencies.energyJoules(row),
  };
  const measured = Object.fromEntries(Object.entries(figures).filter(([, value]) => !Number.isNaN(value)));
  const [timeMs, outcome] = [latencies.timeMs(row), latencies.outcome(row)];
  return { timeMs, series, outcome, isSimulated: latencies.isSimulated(row), ...measured };
}
