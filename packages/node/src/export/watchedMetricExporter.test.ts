import { systemClock } from '@benchlab-otel/core';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { expect, it } from 'vitest';
import { CollectorWatch } from './collectorWatch.ts';
import { watchedMetricExporter } from './watchedMetricExporter.ts';

const failing: PushMetricExporter = {
  export: (_metrics, done) => done({ code: ExportResultCode.FAILED }),
  forceFlush: async () => {},
  shutdown: async () => {},
  selectAggregationTemporality: () => 0,
};

it('reports an export that fails without counting spans, and reports success to the SDK', () => {
  const warnings: object[] = [];
  const warn = (fields: object) => void warnings.push(fields);
  const watch = new CollectorWatch('http://sink', { info: () => {}, warn } as never, systemClock); // the one form it calls
  const results: ExportResult[] = [];

  watchedMetricExporter(failing, watch).export({} as ResourceMetrics, (result) => results.push(result));

  expect(results).toEqual([{ code: ExportResultCode.SUCCESS }]);
  expect(warnings).toEqual([{ event: 'otlp.failed', lost_spans: 0, failed_exports: 1 }]);
});

it('takes temporality and aggregation from the inner exporter', () => {
  const watched = watchedMetricExporter(failing, { succeeded: () => {}, failed: () => {} } as never); // not called

  expect(watched.selectAggregationTemporality?.('COUNTER' as never)).toBe(0);
  expect(watched.selectAggregation).toBeUndefined();
});
