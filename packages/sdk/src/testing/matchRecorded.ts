import { agrees, attributeFaults, type Expected, shown } from './expectedValue.ts';
import { editDistance, type Match, nearest } from './match.ts';
import type { RecordedHistogram, RecordedMetric, RecordedPoint } from './recordedMetrics.ts';

/** What a test expects of a point of a metric. A property that it leaves out may be anything. */
export interface ExpectedPoint {
  /** A number; of a histogram a count, sum, min or max: `{ count: 2 }`. */
  readonly value?: Expected<number> | { readonly [K in keyof RecordedHistogram]?: Expected<RecordedHistogram[K]> };
  /** Attributes that the point must have, among others; `undefined` means that it must not have one of that name. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly unit?: string;
}

/** A metric by its OpenTelemetry name, or by its definition in the registry. */
export type MetricName = string | { readonly name: string };

/**
 * Whether a metric has such a point: `toHaveRecorded` without a test framework's `expect`.
 *
 * @example
 * const { pass, message } = matchRecorded(await telemetry.metrics(), 'shop.orders', { value: 1 });
 * assert(pass, message());
 */
export function matchRecorded(
  metrics: readonly RecordedMetric[],
  metric: MetricName,
  expected: ExpectedPoint = {},
): Match {
  const name = typeof metric === 'string' ? metric : metric.name;
  const points = metrics
    .filter((recorded) => recorded.name === name)
    .flatMap(({ unit, points: ofMetric }) => ofMetric.map((point) => ({ unit, ...point })));
  const found = points.filter((point) => faultsOf(point, expected).length === 0);
  return {
    pass: found.length > 0,
    message: () => {
      const wanted = `a point of ${name} ${shown(expected)}`;
      if (found.length > 0) return `Expected no such point: ${wanted}; there are ${found.length}:\n${list(found)}`;
      if (points.length === 0) return `Expected ${wanted}, but ${name} has recorded nothing. ${others(metrics, name)}`;
      const candidates = points.map((point) => ({ title: title(point), faults: faultsOf(point, expected) }));
      return `Expected ${wanted}. The ${points.length} that were recorded differ; the nearest:\n${nearest(candidates)}`;
    },
  };
}

type Point = RecordedPoint & { readonly unit: string };

function faultsOf(point: Point, { value, attributes, unit }: ExpectedPoint): string[] {
  const faults = attributes === undefined ? [] : attributeFaults(point.attributes, attributes);
  if (value !== undefined && !agrees(point.value, value))
    faults.push(`its value is ${shown(briefValue(point))}, not ${shown(value)}`);
  if (unit !== undefined && point.unit !== unit) faults.push(`its unit is ${shown(point.unit)}, not ${shown(unit)}`);
  return faults;
}

/** Without buckets: they would fill the message. */
function briefValue({ value }: RecordedPoint): object | number {
  if (typeof value === 'number') return value;
  const { buckets: _, ...rest } = value;
  return rest;
}

function title({ attributes }: RecordedPoint): string {
  return shown(attributes);
}

function list(points: readonly Point[]): string {
  return points
    .slice(0, 5)
    .map((point) => `  ${title(point)}: ${shown(briefValue(point))}`)
    .join('\n');
}

function others(metrics: readonly RecordedMetric[], name: string): string {
  if (metrics.length === 0) return 'No other metric was recorded either. Was the SDK registered before the call?';
  const names = metrics.map((metric) => metric.name).sort((a, b) => editDistance(a, name) - editDistance(b, name));
  return `Recorded are: ${names.slice(0, 10).join(', ')}${names.length > 10 ? ` and ${names.length - 10} more` : ''}.`;
}
