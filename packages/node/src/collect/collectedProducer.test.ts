import {
  BenchlabError,
  type Clock,
  metric,
  type Sample,
  SampleMetrics,
  type Sensor,
  type Source,
} from '@benchlab-otel/core';
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { expect, it } from 'vitest';
import { collectedProducer } from './collectedProducer.ts';

const source: Source = { id: 'board-1', name: 'bench', simulated: true, boundary: 'dc_rails', attributes: {} };
const rail: Sensor = {
  metric: metric.hwPower,
  energyMetric: metric.hwEnergy,
  attributes: { 'hw.id': 'board-1/EPS1', 'benchlab.simulated': true },
};

/** 2026-01-01T00:00:00.9Z at monotonic 0. */
const epochNs = 1_767_225_600_900_000_000n;

function manualClock() {
  const clock = {
    timeNs: 0,
    /** How far the wall clock has been set forward since. */
    stepNs: 0n,
    nowNs: () => clock.timeNs,
    anchor: () => ({ timeNs: clock.timeNs, epochNs: epochNs + BigInt(clock.timeNs) + clock.stepNs, uncertaintyNs: 0 }),
    at: () => () => {},
  };
  return clock satisfies Clock;
}

const sampleAt = (timeNs: number, watts: number): Sample => ({
  source,
  timeNs,
  uncertaintyNs: 0,
  readings: [{ sensor: rail, value: watts }],
});

async function collected(metrics: SampleMetrics, clock: Clock): Promise<(name: string) => MetricData | undefined> {
  const { resourceMetrics, errors } = await collectedProducer([metrics], clock).collect();
  expect(errors).toEqual([]);
  return (name) =>
    resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics).find((m) => m.descriptor.name === name);
}

it('the scope is the package that makes the metrics, whichever receiver the samples are from', async () => {
  const clock = manualClock();
  const metrics = new SampleMetrics({ clock });
  metrics.sample(sampleAt(0, 100));
  const { resourceMetrics } = await collectedProducer([metrics], clock).collect();
  expect(resourceMetrics.scopeMetrics.map(({ scope }) => scope.name)).toEqual(['@benchlab-otel/node']);
});

it('gauges, counters and sums that may fall keep their types, with times of the wall clock', async () => {
  const clock = manualClock();
  const metrics = new SampleMetrics({ clock });
  metrics.sample(sampleAt(0, 100));
  metrics.sample(sampleAt(5e8, 100));
  clock.timeNs = 7e8;
  const find = await collected(metrics, clock);

  expect(find('hw.power')).toMatchObject({
    descriptor: { unit: 'W' },
    dataPointType: DataPointType.GAUGE,
    dataPoints: [{ value: 100, startTime: [1767225601, 6e8], endTime: [1767225601, 6e8] }],
  });
  expect(find('hw.power')?.dataPoints[0]?.attributes).toBe(rail.attributes);
  expect(find('hw.energy')).toMatchObject({
    dataPointType: DataPointType.SUM,
    isMonotonic: true,
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPoints: [{ value: 50, startTime: [1767225600, 9e8], endTime: [1767225601, 6e8] }],
  });
  expect(find('hw.status')).toMatchObject({ dataPointType: DataPointType.SUM, isMonotonic: false });
});

it('the start of a counter does not move when the wall clock is set, and is never after its end', async () => {
  const clock = manualClock();
  const metrics = new SampleMetrics({ clock });
  const producer = collectedProducer([metrics], clock);
  metrics.sample(sampleAt(1e9, 1));
  const energy = async () => {
    const { resourceMetrics } = await producer.collect();
    return resourceMetrics.scopeMetrics[0]?.metrics.find((m) => m.descriptor.name === 'hw.energy')?.dataPoints[0];
  };

  clock.timeNs = 2e9;
  const before = await energy();
  clock.stepNs = 3_000_000n;
  const after = await energy();
  clock.stepNs = -3600_000_000_000n;
  const setBack = await energy();

  expect(before?.startTime).toEqual([1767225601, 9e8]);
  expect(after?.startTime).toEqual(before?.startTime);
  expect(setBack?.startTime).toEqual(setBack?.endTime);
});

it('a reader with the producer exports samples in addition to those of the SDK, and a lost series ends', async () => {
  const clock = manualClock();
  const metrics = new SampleMetrics({ clock });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({
    exporter,
    metricProducers: [collectedProducer([metrics], clock)],
  });
  const provider = new MeterProvider({ readers: [reader] });
  provider.getMeter('app').createCounter('orders').add(1);
  metrics.sample(sampleAt(0, 100));

  await provider.forceFlush();
  metrics.lost({ source, timeNs: 1e9, error: new BenchlabError('BOARD_LOST', 'Gone.', 'Wait.') });
  await provider.forceFlush();
  await provider.shutdown();

  const names = exporter
    .getMetrics()
    .map((each) => each.scopeMetrics.flatMap((s) => s.metrics.map((m) => m.descriptor.name)));
  expect(names[0]).toEqual(expect.arrayContaining(['orders', 'hw.power', 'hw.energy']));
  expect(names[1]).toEqual(expect.arrayContaining(['orders', 'hw.energy']));
  expect(names[1]).not.toContain('hw.power');
});
