import type { TimedValues } from './bands.ts';
import type { FactStore } from './factStore.ts';
import type { ViewRange } from './view.ts';

interface Curve {
  readonly values: TimedValues;
  readonly rows: readonly [start: number, end: number];
}

/** What charts and trends are of. */
export interface Curves {
  readonly range: ViewRange;
  readonly between: readonly [fromMs: number, toMs: number];
  readonly latency: Curve;
  readonly power: Curve;
}

/**
 * The latencies of a series, and the power of its node, in a range.
 *
 * @param number of the series; undefined: no latency, and the power of `node`, of any where that is undefined too
 */
export function curvesOf(store: FactStore, range: ViewRange, number: number | undefined, node?: string): Curves {
  const between = [range.fromMs, range.toMs] as const;
  const { latencies } = store;
  const of = number === undefined ? node : latencies.series[number]?.node;
  const gauge = store.gauges.newest('power', (each) => of === undefined || each.node === of)?.values;
  return {
    range,
    between,
    latency: {
      rows: number === undefined ? [0, 0] : latencies.range(...between),
      values: {
        timeMs: (row) => latencies.timeMs(row),
        value: (row) => (latencies.seriesNumber(row) === number ? latencies.latencyMs(row) : Number.NaN),
      },
    },
    power: {
      rows: gauge?.range(...between) ?? [0, 0],
      values: { timeMs: (row) => gauge?.time(row) ?? 0, value: (row) => gauge?.value(0, row) ?? Number.NaN },
    },
  };
}
