import { translationStrategies } from '@benchlab-otel/core';
import { ValueType } from '@opentelemetry/api';
import { emptyResource, resourceFromAttributes } from '@opentelemetry/resources';
import { AggregationTemporality, DataPointType, MeterProvider, type MetricData } from '@opentelemetry/sdk-metrics';
import { type MetricsPage, metricsPage } from './metricsPage.ts';

/** Parts of names, labels and help: characters with a meaning in a format, and characters that it does not allow. */
const parts = [
  ...[
    'a',
    'b',
    'le',
    'count',
    'sum',
    'bucket',
    'total',
    'ratio',
    'info',
    'created',
    '1',
    '_',
    '__',
    '.',
    '-',
    '/',
    ':',
  ],
  ...['é', '"', '\\', '\n', '\r', '{', '}', ',', '=', '#', ' ', '\u2028', '😀', '\ud83d'],
];
const units = ['', '1', 's', 'J', '{x}', 'By/s', '%', '1/s', 'a b"'];
const bounds = [[], [1], [1, 2], [0.1, 5, Infinity], [-5, 0, 1e-7, 1e6, 123456789]];

/** A page of such metrics, on a free port, under each strategy in turn. Every scrape may have other ones. */
export function randomPage(seed: number, make: (random: () => number) => MetricData[] = randomMetrics): MetricsPage {
  const random = seeded(seed);
  const first = make(random);
  let scrapes = 0;
  const resource = seed % 2 === 0 ? emptyResource() : resourceFromAttributes({ 'service.name': 'random' });
  const collect = () => {
    scrapes += 1;
    const metrics = scrapes === 1 || make === randomMetrics ? first : [...make(random), ...first];
    return { resource, scopeMetrics: [{ scope: { name: 'random' }, metrics }] };
  };
  const page = metricsPage({
    port: 0,
    metricProducers: [{ collect: async () => ({ resourceMetrics: collect(), errors: [] }) }],
    translationStrategy: translationStrategies[seed % translationStrategies.length] ?? 'NoTranslation',
  });
  new MeterProvider({ resource, readers: [page.reader] });
  return page;
}

const stems = ['jobs', 'x', 'target', 'benchlab.page.merged'];
const suffixes = ['total', 'created', 'count', 'sum', 'bucket', 'info', 'gcount', 'gsum', 'points', 's', 'seconds'];

/** Metrics whose names differ only by the suffixes that the formats use themselves. */
export function clashingMetrics(random: () => number): MetricData[] {
  return randomMetrics(random).map((metric) => {
    const some = Array.from({ length: Math.floor(random() * 3) }, () => pick(random, suffixes));
    return { ...metric, descriptor: { ...metric.descriptor, name: [pick(random, stems), ...some].join('.') } };
  });
}

/** Twelve metrics in the form that producers return, most of them odd: names that clash, labels that merge. */
export function randomMetrics(random: () => number): MetricData[] {
  return Array.from({ length: 12 }, () => {
    const dataPointType = pick(random, [
      DataPointType.GAUGE,
      DataPointType.SUM,
      DataPointType.HISTOGRAM,
      DataPointType.EXPONENTIAL_HISTOGRAM,
    ]);
    const boundaries = pick(random, bounds);
    const dataPoints = Array.from({ length: 6 }, () => ({
      attributes: Object.fromEntries(Array.from({ length: 3 }, () => [word(random), word(random)])),
      value: value(random, dataPointType, boundaries),
      startTime: [0, 0],
      endTime: [Math.floor(random() * 10), 0],
    }));
    return {
      descriptor: {
        name: word(random),
        description: word(random),
        unit: pick(random, units),
        valueType: ValueType.DOUBLE,
      },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType,
      isMonotonic: random() < 0.5,
      dataPoints,
    } as unknown as MetricData; // the compiler cannot see that the parts fit each other
  });
}

/** A small generator of random numbers (mulberry32), so that a failure can be repeated. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function value(random: () => number, type: DataPointType, boundaries: readonly number[]): unknown {
  const number = pick(random, [0, 1, -1, 1e300, Number.NaN, Infinity, random()]);
  if (type === DataPointType.HISTOGRAM) {
    const counts = [...boundaries, 0].map(() => 1);
    return { count: counts.length, sum: number, buckets: { boundaries, counts } };
  }
  if (type !== DataPointType.EXPONENTIAL_HISTOGRAM) return number;
  const positive = Array<number>(Math.floor(random() * 160)).fill(1);
  return {
    count: positive.length + 4,
    scale: Math.floor(random() * 30) - 10,
    zeroCount: 1,
    positive: { offset: Math.floor(random() * 2000) - 1000, bucketCounts: positive },
    negative: { offset: Math.floor(random() * 20) - 10, bucketCounts: [1, 2] },
  };
}

function word(random: () => number): string {
  return Array.from({ length: Math.ceil(random() * 4) }, () => pick(random, parts)).join('');
}

function pick<T>(random: () => number, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T; // random() is below 1
}
