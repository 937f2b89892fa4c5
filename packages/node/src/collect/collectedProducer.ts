import {
  type Clock,
  type ClockAnchor,
  type MetricFamily,
  type MetricPoint,
  OptionError,
  systemClock,
} from '@benchlab-otel/core';
import { type HrTime, ValueType } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';

const nsPerSecond = 1e9;
/** The package that makes these metrics; their samples may come from any receiver. */
const scope = { name: '@benchlab-otel/node' };

/** Metrics that are not recorded through instruments: `SampleMetrics`, and the telemetry's counts of itself. */
export interface Collected {
  /** @param nowNs CLOCK_MONOTONIC, ns */
  collect(nowNs: number): readonly MetricFamily[];
}

/**
 * Feeds collected metrics to any `MetricReader`, by its option `metricProducers`. Always cumulative. Views and the
 * cardinality limit of the SDK do not apply: `SampleMetrics` has its own bound.
 *
 * @example new PeriodicExportingMetricReader({ exporter, metricProducers: [collectedProducer([sampleMetrics])] })
 */
export function collectedProducer(collected: readonly Collected[], clock: Clock = systemClock): MetricProducer {
  if (!Array.isArray(collected) || collected.some((each) => typeof Object(each).collect !== 'function')) {
    const allowed = 'a list of objects with the method collect(), as SampleMetrics has';
    throw new OptionError({ option: 'collected of sampleProducer', value: collected, allowed });
  }
  // One anchor converts all start times. With a new anchor at each collection they would move, and a counter whose start
  // moves looks like one that was reset.
  const start = clock.anchor();
  return {
    async collect() {
      const now = clock.anchor();
      const endTime = toHrTime(now, now.timeNs);
      const families = collected.flatMap((each) => each.collect(now.timeNs));
      const scopeMetrics = [{ scope, metrics: families.map((family) => toMetricData(family, start, endTime)) }];
      // The reader takes the resource from its MeterProvider, and ignores this one.
      return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] };
    },
  };
}

function toMetricData({ definition, points }: MetricFamily, start: ClockAnchor, endTime: HrTime): MetricData {
  const { name, description, unit, instrument } = definition;
  const base = {
    descriptor: { name, description, unit, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const dataPoints = points.map((point) => toDataPoint(point, start, endTime));
  if (instrument === 'gauge') return { ...base, dataPointType: DataPointType.GAUGE, dataPoints };
  return { ...base, dataPointType: DataPointType.SUM, dataPoints, isMonotonic: instrument === 'counter' };
}

function toDataPoint(
  { attributes, value, startTimeNs }: MetricPoint,
  start: ClockAnchor,
  endTime: HrTime,
): DataPoint<number> {
  // A gauge has no start time, so it gets the end time; so does a counter whose start lies after the end, because the wall
  // clock was set back.
  const startTime = startTimeNs === undefined ? endTime : earlier(toHrTime(start, startTimeNs), endTime);
  return { attributes, value, startTime, endTime };
}

/** Wall-clock time of a monotonic instant. */
export function toHrTime(anchor: ClockAnchor, timeNs: number): HrTime {
  const seconds = Number(anchor.epochNs / 1_000_000_000n);
  const nanoseconds = Number(anchor.epochNs % 1_000_000_000n) + Math.round(timeNs - anchor.timeNs);
  const carry = Math.floor(nanoseconds / nsPerSecond);
  return [seconds + carry, nanoseconds - carry * nsPerSecond];
}

function earlier(a: HrTime, b: HrTime): HrTime {
  return a[0] < b[0] || (a[0] === b[0] && a[1] <= b[1]) ? a : b;
}
