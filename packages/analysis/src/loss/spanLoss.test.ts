import type { Attributes } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { span } from '../operations/example.suite.ts';
import type { ReceivedMetricPoint } from '../signals/decodeMetrics.ts';
import { sampledShare, samplerText } from './sampling.ts';
import { lossText, type SpanLossInput, spanLoss } from './spanLoss.ts';

const resource = { 'service.name': 'shop' };

function point(
  name: string,
  value: number,
  attributes: Attributes = {},
  more: Partial<Omit<ReceivedMetricPoint, 'kind' | 'value'>> = {},
): ReceivedMetricPoint {
  return {
    kind: 'sum',
    name,
    unit: '{span}',
    value,
    attributes,
    isMonotonic: true,
    temporality: 'cumulative',
    timeNs: 2e9,
    startNs: 1e9,
    resource,
    scope: { name: 'sdk' },
    ...more,
  } as ReceivedMetricPoint; // `more` changes its identity only
}

const processed = (value: number, errorType?: string, more = {}) =>
  point(
    'otel.sdk.processor.span.processed',
    value,
    { 'otel.component.name': 'batching_span_processor/0', ...(errorType && { 'error.type': errorType }) },
    more,
  );
const exported = (value: number, errorType?: string, component = 'otlp_grpc_span_exporter/0') =>
  point('otel.sdk.exporter.span.exported', value, {
    'otel.component.name': component,
    ...(errorType && { 'error.type': errorType }),
  });
const started = (value: number, result: string) =>
  point('otel.sdk.span.started', value, { 'otel.span.sampling_result': result });

function lossOf(metricPoints: readonly ReceivedMetricPoint[], more: Partial<SpanLossInput> = {}) {
  const spans = more.spans ?? [span('a', 0, 1000, { resource })];
  return spanLoss({
    spans,
    metricPoints,
    received: { spans: spans.length, droppedSpans: 0, invalidSpans: 0, droppedMetricPoints: 0 },
    environment: {},
    ...more,
  });
}

describe('spans that were not sent when a process ended at once', () => {
  const unsent = (spans: number, points: readonly ReceivedMetricPoint[] = []) => lossOf(points, { unsentSpans: spans });

  it('are in the text, alone or next to what the program counts', () => {
    expect(unsent(0)).not.toHaveProperty('unsentSpans');
    expect(lossText(unsent(1))).toMatch(/^1 span was not acknowledged when the program ended at once/);
    expect(lossText(unsent(2, [processed(1), processed(40, 'queue_full')]))).toMatch(
      /^the program lost 40 spans: 40 with error\.type queue_full; 2 spans were not acknowledged/,
    );
  });
});

describe('spans that a program lost', () => {
  it('are those that its SDK dropped before the export and those whose export failed', () => {
    const loss = lossOf([processed(1), processed(40, 'queue_full'), exported(1), exported(5, 'UNAVAILABLE')]);

    expect(loss).toEqual({
      lostSpans: 45,
      isComplete: true,
      causes: ['40 with error.type queue_full', '5 with error.type UNAVAILABLE'],
      acknowledged: 1,
    });
    expect(lossText(loss)).toBe(
      'the program lost 45 spans: 40 with error.type queue_full, 5 with error.type UNAVAILABLE',
    );
  });

  it('are counted once where the processor counts a failed export, too', () => {
    expect(lossOf([processed(5, 'Error'), exported(5, 'UNAVAILABLE')]).lostSpans).toBe(5);
    expect(lossOf([processed(5, 'Error'), processed(2, 'queue_full')]).lostSpans).toBe(7);
  });

  it('are one total where the resource names its process, although its clock was translated differently', () => {
    const more = (k: number) => ({ resource: { 'process.pid': 7 }, startNs: 1e9 + k * 80e6, timeNs: 3e9 + k });
    const points = [25, 28].map((value, k) => processed(value, 'queue_full', more(k)));

    expect(lossOf(points).lostSpans).toBe(28);
  });

  it('are the newest total of each process: totals of a series do not add up, and those of processes do', () => {
    const worker = { startNs: 1.5e9, timeNs: 3e9 };
    const loss = lossOf([
      processed(10, 'queue_full'),
      // The same start by way of another anchor of the clock.
      processed(30, 'queue_full', { timeNs: 4e9, startNs: 1e9 + 12e6 }),
      processed(20, 'queue_full', { timeNs: 3e9 }),
      processed(4, 'queue_full', worker),
      processed(2, 'queue_full', { resource: { 'service.name': 'other' } }),
    ]);

    expect(loss.lostSpans).toBe(36);
  });

  it('add up where each point counts since the one before', () => {
    const delta = (value: number, startNs: number) => processed(value, 'queue_full', { temporality: 'delta', startNs });

    expect(lossOf([delta(3, 1e9), delta(4, 2e9), delta(5, 3e9)]).lostSpans).toBe(12);
  });

  it('are those that were started or acknowledged elsewhere, have ended and did not arrive', () => {
    const live = point('otel.sdk.span.live', 3, { 'otel.span.sampling_result': 'RECORD_AND_SAMPLE' });

    const loss = lossOf([started(10, 'RECORD_AND_SAMPLE'), live]);

    expect(loss).toMatchObject({ lostSpans: 6, causes: ['6 that its SDK counted and that did not arrive'] });
    expect(lossOf([exported(10)]).lostSpans).toBe(9);
    // Two exporters send the same spans.
    expect(lossOf([exported(1), exported(1, undefined, 'otlp_http_span_exporter/0')]).lostSpans).toBe(0);
    expect(
      lossOf([exported(10)], { received: { spans: 1, droppedSpans: 8, invalidSpans: 1, droppedMetricPoints: 0 } })
        .lostSpans,
    ).toBe(0);
  });

  it('have at most five causes by name, of 60 characters each', () => {
    const many = Array.from({ length: 8 }, (_, k) => processed(10 - k, `${k}${'x'.repeat(100)}`));

    const { causes } = lossOf(many);

    expect(causes).toHaveLength(6);
    expect(causes[0]).toMatch(/^10 with error\.type 0x{58,59}…?$/);
    expect(causes[5]).toBe('12 with another error.type');
  });

  it('are not complete where they were counted before the last span ended', () => {
    const late = [span('a', 0, 5000, { resource })];

    expect(lossOf([processed(1, 'queue_full')], { spans: late }).isComplete).toBe(false);
    expect(lossText(lossOf([processed(1, 'queue_full')], { spans: late }))).toMatch(
      /^the program lost at least 1 span:/,
    );
    expect(lossOf([], { spans: late })).toEqual({ lostSpans: 0, isComplete: false, causes: [] });
    expect(lossText(lossOf([]))).toBeUndefined();
    // Each program has an end of its own.
    expect(lossOf([processed(1, 'queue_full')], { spans: [span('a', 0, 5000)] }).isComplete).toBe(true);
  });

  it.each([
    ['a gauge', { kind: 'gauge' }],
    ['not a number', { value: Number.NaN }],
    ['not a count', { value: 1.5 }],
    ['below 0', { value: -7 }],
    ['larger than a count can be', { value: 1e300 }],
    ['of another metric', { name: 'otel.sdk.processor.log.processed' }],
  ])('are not counted from a point that is %s', (_, more) => {
    expect(lossOf([{ ...processed(7, 'queue_full'), ...more } as ReceivedMetricPoint]).lostSpans).toBe(0);
  });
});

describe('spans that a program did not sample', () => {
  it('show in the count of its SDK, in the tracestate of spans and in its environment, in this order', () => {
    const th = [span('a', 0, 1000, { traceState: 'x=1,ot=rv:1;th:c' })];
    const environment = { OTEL_TRACES_SAMPLER: 'always_off' };

    expect(lossOf([started(9, 'DROP')], { spans: th, environment }).sampling).toBe(
      'a sampler left out 9 spans of the program',
    );
    expect(lossOf([], { spans: th, environment }).sampling).toBe(
      'spans state in their tracestate that 25 % of the traces were kept',
    );
    expect(lossOf([], { environment }).sampling).toBe('OTEL_TRACES_SAMPLER is always_off, which keeps no trace');
  });

  it.each([
    [undefined, undefined, undefined],
    ['', undefined, undefined],
    ['always_on', undefined, undefined],
    ['parentbased_always_on', undefined, undefined],
    ['parentbased_always_off', undefined, /parentbased_always_off, which keeps no trace$/],
    ['traceidratio', '0.1', /traceidratio, which keeps 10 % of the traces$/],
    [' parentbased_traceidratio ', '0.125', /keeps 12\.5 % of the traces$/],
    ['traceidratio', '0', /keeps 0 % of the traces$/],
    ['traceidratio', '1', undefined],
    ['traceidratio', undefined, undefined],
    ['traceidratio', 'many', undefined],
    ['traceidratio', '-1', undefined],
    ['traceidratio', '7', undefined],
    ['jaeger_remote', 'endpoint=x', /jaeger_remote, which may leave traces out$/],
    ['x'.repeat(100), undefined, /is x{40}, which may/],
  ])('are known from OTEL_TRACES_SAMPLER=%s with %s', (sampler, argument, text) => {
    const given = samplerText({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: argument });

    if (text === undefined) expect(given).toBeUndefined();
    else expect(given).toMatch(text);
  });

  it.each([
    ['ot=th:0', undefined],
    ['ot=th:8', 0.5],
    ['ot=th:e6666666666668', 0.1],
    ['ot=rv:01234567890123', undefined],
    ['ot=p:8', undefined],
    ['other=th:8', undefined],
    ['ot=th:xyz', undefined],
    ['ot=th:123456789012345', undefined],
    ['a=b, ot=rv:1;th:8;q:1,c=d', 0.5],
  ])('are known from the tracestate %s', (traceState, share) => {
    const found = sampledShare([{ traceState }, {}]);

    if (share === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(share, 9);
  });
});
