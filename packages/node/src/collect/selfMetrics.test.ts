import { metric, type SelfCount } from '@benchlab-otel/core';
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

it.each<[string, () => unknown]>([
  [
    'that throws',
    () => {
      throw new Error('no');
    },
  ],
  ['whose promise rejects', () => Promise.reject(new Error('no'))],
  ['that returns something other than a list', () => ({ value: 1 })],
])('leaves out a part %s, and reports it once', async (_what, counts) => {
  const reports: unknown[] = [];
  const quiet = () => {};
  const warn = (message: unknown) => void reports.push(message);
  diag.setLogger({ error: quiet, warn, info: quiet, debug: quiet, verbose: quiet });
  const metrics = new SelfMetrics(0);
  metrics.add(
    { counts: counts as () => readonly SelfCount[] },
    { counts: () => [{ definition: metric.benchlabHistoryDropped, value: 1 }] },
  );

  expect([metrics.collect().length, metrics.collect().length, reports.length]).toEqual([1, 1, 1]);
  // A rejection without a handler is raised before the next turn of the event loop, and fails this test.
  await new Promise((resolve) => setImmediate(resolve));
});
