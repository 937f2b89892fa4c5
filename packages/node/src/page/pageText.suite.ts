import { type Attributes, ValueType } from '@opentelemetry/api';
import { emptyResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  AggregationType,
  DataPointType,
  MeterProvider,
  type MetricData,
  MetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { Exemplars } from './exemplars.ts';
import { NameOwners } from './nameOwners.ts';
import { Pace } from './pace.ts';
import { pageNames } from './pageNames.ts';
import { PageText, type PageTextOptions } from './pageText.ts';
import { type ReadPage, readPage } from './readPage.suite.ts';

class Reader extends MetricReader {
  protected async onShutdown(): Promise<void> {}
  protected async onForceFlush(): Promise<void> {}
}

export const pageText = (options: Partial<PageTextOptions> = {}): PageText => {
  const { names = pageNames('UnderscoreEscapingWithSuffixes', 'underscores') } = options;
  return new PageText({
    isOpenMetrics: false,
    names,
    owners: new NameOwners(names),
    constantLabels: {},
    hasScopeLabels: false,
    exemplars: new Exemplars(),
    report: () => {},
    ...options,
  });
};

export const rendered = (page: PageText, metrics: ResourceMetrics): string =>
  [...page.render(metrics, new Pace())].join('');

/** A MeterProvider and the page of its metrics. */
export function setUp(
  constantLabels: Attributes = {},
  resource: Attributes = {},
  options: Partial<PageTextOptions> = {},
) {
  const reader = new Reader();
  const provider = new MeterProvider({
    readers: [reader],
    resource: resourceFromAttributes(resource),
    views: [{ instrumentName: 'exp.*', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
  });
  const page = pageText({ constantLabels, ...options });
  const text = async () => rendered(page, (await reader.collect()).resourceMetrics);
  return {
    provider,
    meter: (scope = 'app') => provider.getMeter(scope),
    text,
    read: async () => readPage(await text()),
  };
}

/** The page of the given metrics, in the form that producers return. */
export const pageOf = (...metrics: MetricData[]): ReadPage =>
  readPage(
    rendered(pageText(), { resource: emptyResource(), scopeMetrics: [{ scope: { name: 'producer' }, metrics }] }),
  );

export const gauge = (name: string, attributes: Attributes, value: number, seconds = 0): MetricData => ({
  descriptor: { name, description: 'A gauge.', unit: '', valueType: ValueType.DOUBLE },
  aggregationTemporality: AggregationTemporality.CUMULATIVE,
  dataPointType: DataPointType.GAUGE,
  dataPoints: [{ attributes, value, startTime: [0, 0], endTime: [seconds, 0] }],
});
