import { metric } from '@benchlab-otel/core';
import { diag } from '@opentelemetry/api';
import { afterEach, expect, it } from 'vitest';
import { SelfMetrics } from './selfMetrics.ts';

afterEach(() => diag.disable());

it('adds up counts of the same series, and returns the same attributes object for a series each time', () => {
  const metrics = new SelfMetrics(5);
  const attributes = { 'error.type': 'x' };
  const dropped = { definition: metric.benchlabHistoryDropped, value: 2 };
  metrics.add({ counts: () => [dropped] }, {}, { counts: () => [dropped] });
  metrics.add({ counts: () => [{ definition: metric.otelSdkProcessorSpanQueueSize, value: 1, attributes }] });

  const families = metrics.collect();

  expect(families).toEqual([
    { definition: metric.benchlabHistoryDropped, points: [{ attributes: {}, value: 4, startTimeNs: 5 }] },
    { definition: metric.otelSdkProcessorSpanQueueSize, points: [{ attributes, value: 1 }] },
  ]);
  expect(metrics.collect()[0]?.points[0]?.attributes).toBe(families[0]?.points[0]?.attributes);
});

it('leaves out a part that throws, and reports it once', () => {
  const reports: unknown[] = [];
  const quiet = () => {};
  const warn = (message: unknown) => void reports.push(message);
  diag.setLogger({ error: quiet, warn, info: quiet, debug: quiet, verbose: quiet });
  const metrics = new SelfMetrics(0);
  metrics.add(
    {
      counts: () => {
        throw new Error('no');
      },
    },
    { counts: () => [{ definition: metric.benchlabHistoryDropped, value: 1 }] },
  );

  expect([metrics.collect().length, metrics.collect().length, reports.length]).toEqual([1, 1, 1]);
});
