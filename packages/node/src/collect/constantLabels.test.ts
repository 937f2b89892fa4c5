import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withConstantLabels } from './constantLabels.ts';

let memory: InMemoryMetricExporter;
let reader: PeriodicExportingMetricReader;
let provider: MeterProvider;

beforeEach(() => {
  memory = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  reader = new PeriodicExportingMetricReader({
    exporter: withConstantLabels(memory, { environment: 'lab', node: 'bench-1' }),
    exportIntervalMillis: 3_600_000,
  });
  provider = new MeterProvider({ readers: [reader] });
});

afterEach(() => provider.shutdown());

function points(metrics: ResourceMetrics | undefined) {
  return metrics?.scopeMetrics.flatMap((scope) => scope.metrics.flatMap((metric) => [...metric.dataPoints])) ?? [];
}

describe('withConstantLabels', () => {
  it('labels the points of every instrument and keeps their values', async () => {
    const meter = provider.getMeter('test');
    meter.createCounter('jobs').add(2, { kind: 'big' });
    meter.createHistogram('time').record(3);

    await reader.forceFlush();

    const [jobs, time] = points(memory.getMetrics()[0]);
    expect(jobs).toMatchObject({ value: 2, attributes: { kind: 'big', environment: 'lab', node: 'bench-1' } });
    expect(time).toMatchObject({ value: { count: 1, sum: 3 }, attributes: { environment: 'lab', node: 'bench-1' } });
  });

  it('keeps the environment of a point that has one', async () => {
    provider.getMeter('test').createCounter('jobs').add(1, { environment: 'own' });

    await reader.forceFlush();

    expect(points(memory.getMetrics()[0])[0]?.attributes).toEqual({ environment: 'own', node: 'bench-1' });
  });

  it("leaves the SDK's own data unchanged, and extends attributes once for each series", async () => {
    provider.getMeter('test').createCounter('jobs').add(1, { kind: 'big' });

    const before = points((await reader.collect()).resourceMetrics)[0]?.attributes;
    await reader.forceFlush();
    await reader.forceFlush();
    const after = points((await reader.collect()).resourceMetrics)[0]?.attributes;

    expect(before).toEqual({ kind: 'big' });
    expect(after).toEqual({ kind: 'big' });
    const [first, second] = memory.getMetrics().map((metrics) => points(metrics)[0]?.attributes);
    expect(first).toBe(second);
  });
});
