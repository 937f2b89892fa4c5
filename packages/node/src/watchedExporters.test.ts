import { systemClock } from '@benchlab-otel/sdk';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { PushMetricExporter, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
import { beforeEach, describe, expect, it } from 'vitest';
import { CollectorWatch } from './collectorWatch.ts';
import { WatchedSpanExporter, watchedMetricExporter } from './watchedExporters.ts';

type Done = (result: ExportResult) => void;

let warnings: object[];
let watch: CollectorWatch;

beforeEach(() => {
  warnings = [];
  const warn = (fields: object) => void warnings.push(fields);
  watch = new CollectorWatch('http://sink', { info: () => {}, warn } as never, systemClock); // the one form it calls
});

/** An exporter that does this with each export. */
const exporter = (run: (done: Done) => void) => ({
  export: (_items: unknown, done: Done) => run(done),
  forceFlush: async () => {},
  shutdown: async () => {},
});

const three = [{}, {}, {}] as ReadableSpan[]; // counted, never looked at

describe('WatchedSpanExporter', () => {
  it('counts what was acknowledged', () => {
    const watched = new WatchedSpanExporter(
      exporter((done) => done({ code: ExportResultCode.SUCCESS })) as SpanExporter,
      watch,
    );

    watched.export(three, () => {});

    expect([watched.acknowledged, warnings.length]).toEqual([3, 0]);
  });

  it.each<[string, (done: Done) => void]>([
    ['fails', (done) => done({ code: ExportResultCode.FAILED, error: new Error('no') })],
    ['fails without a reason', (done) => done({ code: ExportResultCode.FAILED })],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
  ])('reports an export that %s, and tells the SDK that all is well', (_what, run) => {
    const watched = new WatchedSpanExporter(exporter(run) as SpanExporter, watch);
    const results: ExportResult[] = [];

    watched.export(three, (result) => results.push(result));

    expect(results).toEqual([{ code: ExportResultCode.SUCCESS }]);
    expect(watched.acknowledged).toBe(0);
    expect(warnings).toEqual([{ event: 'otlp.failed', lost_spans: 3, failed_exports: 1 }]);
  });

  it('counts an export once, however often it is answered', () => {
    const twice = exporter((done) => {
      done({ code: ExportResultCode.SUCCESS });
      done({ code: ExportResultCode.SUCCESS });
    });
    const watched = new WatchedSpanExporter(twice as SpanExporter, watch);

    watched.export(three, () => {});

    expect(watched.acknowledged).toBe(3);
  });
});

describe('watchedMetricExporter', () => {
  it('reports an export that fails without counting spans', () => {
    const failing = exporter((done) => done({ code: ExportResultCode.FAILED })) as PushMetricExporter;
    const results: ExportResult[] = [];

    watchedMetricExporter(failing, watch).export({} as ResourceMetrics, (result) => results.push(result));

    expect(results).toEqual([{ code: ExportResultCode.SUCCESS }]);
    expect(warnings).toEqual([{ event: 'otlp.failed', lost_spans: 0, failed_exports: 1 }]);
  });

  it('asks the exporter within for temporality and aggregation', () => {
    const inner: PushMetricExporter = {
      ...exporter(() => {}),
      selectAggregationTemporality: () => 0,
    };

    const watched = watchedMetricExporter(inner, watch);

    expect(watched.selectAggregationTemporality?.('COUNTER' as never)).toBe(0);
    expect(watched.selectAggregation).toBeUndefined();
  });
});
