import { medianIntervalNs, type SensorSeries, valuesAt } from './sensorSeries.ts';

/** Sensors at common times, as a program wants them that has one list of times for all. */
export interface SensorGrid {
  /** ns, evenly spaced but where a sensor has a gap. */
  readonly timesNs: readonly number[];
  /** ns between two of them. */
  readonly intervalNs: number;
  /** Each has as many values as there are times. */
  readonly series: readonly { readonly of: SensorSeries; readonly values: readonly number[] }[];
  /** Sensors that have no value for a tenth of the time or more. */
  readonly leftOut: readonly SensorSeries[];
}

/** CapFrameX reads a BENCHLAB each 25 ms at the most often. */
const leastIntervalNs = 25e6;
const maxTimes = 50_000;
/** Share of the times at which a sensor must have a value. */
const leastCoverage = 0.9;

/** Brings sensors to common times between two instants by straight lines. A time at which one of them has a gap is left out. */
export function sensorGrid(series: readonly SensorSeries[], fromNs: number, toNs: number): SensorGrid {
  const intervals = series.flatMap(({ timesNs }) => medianIntervalNs(timesNs) ?? []);
  const fastest = intervals.length === 0 ? leastIntervalNs : Math.min(...intervals);
  const intervalNs = Math.max(leastIntervalNs, fastest, (toNs - fromNs) / maxTimes);
  const times = Array.from({ length: Math.floor((toNs - fromNs) / intervalNs) + 1 }, (_, k) => fromNs + k * intervalNs);
  const all = series.map((of) => ({ of, values: valuesAt(of, times) }));
  const isCovered = ({ values }: (typeof all)[number]) =>
    values.filter((value) => !Number.isNaN(value)).length >= leastCoverage * times.length;
  const kept = all.filter(isCovered);
  const isWhole = times.map((_, at) => kept.every(({ values }) => !Number.isNaN(values[at])));
  return {
    timesNs: times.filter((_, at) => isWhole[at]),
    intervalNs,
    series: kept.map(({ of, values }) => ({ of, values: values.filter((_, at) => isWhole[at]) })),
    leftOut: all.filter((each) => !isCovered(each)).map(({ of }) => of),
  };
}
