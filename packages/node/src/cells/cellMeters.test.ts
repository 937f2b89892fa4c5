import { type BindableInstrument, gauged } from '@benchlab-otel/sdk';
import {
  type Attributes,
  DiagLogLevel,
  diag,
  type Histogram,
  type Meter,
  type MeterProvider,
  metrics,
} from '@opentelemetry/api';
import {
  AggregationTemporality,
  AggregationType,
  MetricReader,
  type PushMetricExporter,
  MeterProvider as SdkMeterProvider,
} from '@opentelemetry/sdk-metrics';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { enrichedMeterProvider } from '../enrich/enrichedMeterProvider.ts';
import { CellMeters, fitsCells } from './cellMeters.ts';

class Reader extends MetricReader {
  async onShutdown() {}
  async onForceFlush() {}
}

const scope = '@benchlab-otel/sdk';
const bounds = [0.5, 1, 10];

/** Meters in cells, the SDK's own meters, and what each has collected. */
function setUp() {
  const cells = new CellMeters();
  const [plain, withCells] = [new Reader(), new Reader({ metricProducers: [cells] })];
  const stock = new SdkMeterProvider({ readers: [plain] });
  const inner = new SdkMeterProvider({ readers: [withCells] });
  const provider = cells.around(inner);
  return {
    provider,
    meters: [stock.getMeter(scope, '1'), provider.getMeter(scope, '1')] as const,
    collected: async () => [await read(plain), await read(withCells)] as const,
    meterOf: (of: MeterProvider) => of.getMeter(scope, '1'),
  };
}

const enriched = (plain: MeterProvider) => enrichedMeterProvider(plain, () => ({ stage: 'decode' }));

/** Everything except times, series in a fixed order. */
async function read(reader: MetricReader) {
  const { resourceMetrics, errors } = await reader.collect();
  expect(errors).toEqual([]);
  return resourceMetrics.scopeMetrics
    .flatMap(({ scope: { name, version }, metrics }) =>
      metrics.map((metric) => ({ scope: [name, version], ...metric })),
    )
    .map(({ descriptor: { name, unit, description }, dataPoints, ...metric }) => ({
      ...metric,
      descriptor: { name, unit, description },
      dataPoints: dataPoints
        .map(({ attributes, value }) => ({ attributes, value }))
        .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
    }))
    .sort((a, b) => a.descriptor.name.localeCompare(b.descriptor.name));
}

afterEach(() => diag.disable());

describe('values in cells', () => {
  it('give the same data as the SDK, series by series and bucket by bucket, at each collection', async () => {
    const { meters, collected } = setUp();
    const record = meters.map((meter) => {
      const counter = meter.createCounter('calls', { unit: '{call}', description: 'Calls.' });
      const busy = meter.createUpDownCounter('busy');
      const gauge = meter.createGauge('last');
      const seconds = meter.createHistogram('seconds', { unit: 's', advice: { explicitBucketBoundaries: bounds } });
      const usual = meter.createHistogram('usual');
      return (value: number, attributes: Attributes) => {
        counter.add(value, attributes);
        busy.add(value - 8, attributes);
        gauge.record(value, attributes);
        seconds.record(value, attributes);
        usual.record(value * 1000);
      };
    });
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 500; i++) {
        // Halves add up without rounding. The bounds themselves are among them.
        const value = i % 5 === 0 ? (bounds[i % 3] as number) : Math.floor(Math.random() * 40) / 2;
        const attributes = i % 2 === 0 ? { a: i % 7, b: 'x' } : { b: 'x', a: i % 7, ...(i % 3 === 0 && { c: true }) };
        for (const each of record) each(value, attributes);
      }
      const [stock, ours] = await collected();
      expect(ours.map(({ descriptor }) => descriptor.name)).toEqual(['busy', 'calls', 'last', 'seconds', 'usual']);
      expect(ours).toEqual(stock);
    }
  });

  it('of a gauge are absent after a result that is not a number, until the next number, also with fields of enrichers', async () => {
    for (const around of [(plain: MeterProvider) => plain, enriched]) {
      const { provider, collected } = setUp();
      metrics.setGlobalMeterProvider(around(provider));
      const read = gauged('queue.depth', (depth: unknown) => depth as number);
      const depths = async (): Promise<unknown[]> => {
        const [, ours] = await collected();
        return ours
          .filter(({ descriptor }) => descriptor.name === 'queue.depth')
          .flatMap(({ dataPoints }) => dataPoints);
      };
      read(7);
      expect(await depths()).toMatchObject([{ value: 7 }]);
      for (const wrong of [Number.NaN, 'many', undefined]) {
        read(8);
        read(wrong);
        expect(await depths()).toEqual([]);
      }
      read(9);
      expect(await depths()).toMatchObject([{ value: 9 }]);
      const [, ours] = await collected();
      expect(ours.find(({ descriptor }) => descriptor.name === 'benchlab.record.faults')?.dataPoints[0]?.value).toBe(3);
      metrics.disable();
    }
  });

  it('have the limit of series of the SDK: further series go to one overflow series', async () => {
    const { meters, collected } = setUp();
    for (const meter of meters) {
      const counter = meter.createCounter('ids');
      for (let id = 0; id < 2500; id++) counter.add(1, { id });
    }
    const [stock, ours] = await collected();
    expect(ours).toEqual(stock);
    expect(ours[0]?.dataPoints).toHaveLength(2000);
    expect(ours[0]?.dataPoints).toContainEqual({ attributes: { 'otel.metric.overflow': true }, value: 501 });
  });

  it('are dropped where the SDK drops them, with one warning a minute for each metric', async () => {
    const warn = vi.fn();
    diag.setLogger({ error() {}, warn, info() {}, debug() {}, verbose() {} }, DiagLogLevel.WARN);
    const { meters, collected } = setUp();
    for (const value of [1, -1, Number.NaN]) {
      meters[1].createCounter('c').add(value);
      meters[1].createHistogram('h').record(value);
    }
    const [, ours] = await collected();
    expect(ours.map(({ dataPoints }) => dataPoints[0]?.value)).toMatchObject([1, { count: 1, sum: 1, min: 1, max: 1 }]);
    expect(warn.mock.calls).toEqual([
      ['benchlab-otel: metric c: -1 cannot be added; it was dropped.'],
      ['benchlab-otel: metric h: -1 cannot be recorded; it was dropped.'],
    ]);
  });

  it('share a series with bound values of the same attributes, and with the instrument created again', async () => {
    const { meters, collected } = setUp();
    const attributes = { b: 1, a: 2 };
    const make = () => meters[1].createHistogram('h', { unit: 's' }) as Histogram & BindableInstrument;
    const record = make().bind(attributes);
    record(1);
    make().record(2, { a: 2, b: 1 });
    attributes.a = 7; // after bind, so without an effect
    record(3);
    const [, ours] = await collected();
    expect(ours[0]?.dataPoints).toMatchObject([{ attributes: { a: 2, b: 1 }, value: { count: 3, sum: 6 } }]);
  });

  it('show nothing for a bound series without values, and for other scopes', async () => {
    const { provider, meters, collected } = setUp();
    const other = provider.getMeter('library').createCounter('theirs');
    expect(other).not.toHaveProperty('bind');
    other.add(2);
    meters[1].createCounter('unused');
    const [, ours] = await collected();
    expect(ours).toMatchObject([{ scope: ['library', ''], dataPoints: [{ value: 2 }] }]);
  });

  it('keep their start and their attributes objects from one collection to the next', async () => {
    const cells = new CellMeters();
    const meter: Meter = cells.around(new SdkMeterProvider()).getMeter(scope);
    meter.createCounter('c').add(1, { a: 1 });
    const point = async () => (await cells.collect()).resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints[0];
    const [first, second] = [await point(), await point()];
    expect(second?.attributes).toBe(first?.attributes);
    expect(second?.startTime).toEqual(first?.startTime);
    expect(second?.endTime).not.toEqual(first?.endTime);
  });

  it('are of one meter for each scope, whose observable instruments are those of the SDK', async () => {
    const { provider, meterOf, collected } = setUp();
    const meter = meterOf(provider);
    expect(meterOf(provider)).toBe(meter);
    const gauge = meter.createObservableGauge('depth');
    const others = [meter.createObservableCounter('c'), meter.createObservableUpDownCounter('u')];
    const observe = vi.fn((result: { observe: (of: typeof gauge, value: number) => void }) => result.observe(gauge, 3));
    meter.addBatchObservableCallback(observe, [gauge, ...others]);
    expect((await collected())[1].find(({ descriptor }) => descriptor.name === 'depth')?.dataPoints[0]?.value).toBe(3);
    meter.removeBatchObservableCallback(observe, [gauge, ...others]);
    await collected();
    expect(observe).toHaveBeenCalledTimes(1);
  });
});

describe('cells fit an exporter', () => {
  const exporter = (more: Partial<PushMetricExporter>): PushMetricExporter => ({
    export: () => {},
    forceFlush: async () => {},
    shutdown: async () => {},
    ...more,
  });

  it.each<[boolean, string, Partial<PushMetricExporter>]>([
    [true, 'has no preferences', {}],
    [true, 'wants totals', { selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE }],
    [false, 'wants deltas', { selectAggregationTemporality: () => AggregationTemporality.DELTA }],
    [true, 'wants what is usual', { selectAggregation: () => ({ type: AggregationType.DEFAULT }) }],
    [
      false,
      'wants exponential histograms',
      { selectAggregation: () => ({ type: AggregationType.EXPONENTIAL_HISTOGRAM }) },
    ],
  ])('%s for one that %s', (fits, _what, more) => {
    expect(fitsCells(exporter(more))).toBe(fits);
  });
});
