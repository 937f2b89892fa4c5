import { context, type Meter, type MeterProvider, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import { MeterProvider as SdkMeterProvider } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { Exemplars } from './exemplars.ts';

const sampled = (spanId: string, traceFlags = TraceFlags.SAMPLED) =>
  trace.setSpanContext(ROOT_CONTEXT, { traceId: 'a'.repeat(32), spanId: spanId.repeat(16), traceFlags });

function setUp(): { exemplars: Exemplars; provider: MeterProvider; meter: Meter; idsOf: (name: string) => string[] } {
  const exemplars = new Exemplars();
  const provider = exemplars.around(new SdkMeterProvider());
  const meter = provider.getMeter('app', '1.0');
  const idsOf = (name: string) =>
    exemplars.of({ name: 'app', version: '1.0' }, name).map(({ spanId }) => spanId.slice(0, 1));
  return { exemplars, provider, meter, idsOf };
}

describe('exemplars', () => {
  it('are values of histograms and counters in sampled spans, newest first', () => {
    const { exemplars, meter, idsOf } = setUp();
    meter.createHistogram('latency').record(0.5, { op: 'x' }, sampled('1'));
    meter.createHistogram('latency').record(0.25, { op: 'y' }, sampled('2'));
    meter.createCounter('jobs').add(3, undefined, sampled('3'));
    expect(idsOf('latency')).toEqual(['2', '1']);
    expect(exemplars.of({ name: 'app', version: '1.0' }, 'jobs')).toEqual([
      { value: 3, attributes: {}, traceId: 'a'.repeat(32), spanId: '3'.repeat(16), timeMs: expect.any(Number) },
    ]);
  });

  it('are not values without a span, in an unsampled one, or refused by the SDK', () => {
    const { meter, idsOf } = setUp();
    const latency = meter.createHistogram('latency');
    latency.record(1);
    latency.record(1, {}, context.active());
    latency.record(1, {}, sampled('1', TraceFlags.NONE));
    latency.record(-1, {}, sampled('2'));
    latency.record(Number.NaN, {}, sampled('3'));
    expect(idsOf('latency')).toEqual([]);
  });

  it('of a rare value stay when thousands come in another bucket', () => {
    const { meter, idsOf } = setUp();
    const latency = meter.createHistogram('latency', { advice: { explicitBucketBoundaries: [0.1, 1] } });
    latency.record(30, {}, sampled('f'));
    for (let i = 0; i < 5000; i += 1) latency.record(0.01, {}, sampled('0'));
    expect(idsOf('latency')).toEqual(['0', '0', '0', '0', 'f']);
  });

  it('belong to the scope that recorded them', () => {
    const { exemplars, provider, idsOf } = setUp();
    provider.getMeter('library').createCounter('jobs').add(1, {}, sampled('1'));
    expect(idsOf('jobs')).toEqual([]);
    expect(exemplars.of({ name: 'library' }, 'jobs')).toHaveLength(1);
  });

  it('beyond 2000 instruments are not kept, but the values are recorded', () => {
    const { meter, idsOf } = setUp();
    for (let i = 0; i < 2001; i += 1) meter.createCounter(`jobs.${i}`).add(1, {}, sampled('1'));
    expect(idsOf('jobs.1999')).toEqual(['1']);
    expect(idsOf('jobs.2000')).toEqual([]);
  });
});

it('have one meter for each scope', () => {
  const { provider, meter } = setUp();
  expect(provider.getMeter('app', '1.0')).toBe(meter);
  expect(provider.getMeter('app', '2.0')).not.toBe(meter);
});

it('observable instruments are those of the SDK', async () => {
  const { meter } = setUp();
  const gauge = meter.createObservableGauge('depth');
  const counters = [meter.createObservableCounter('c'), meter.createObservableUpDownCounter('u')];
  const callback = () => {};
  meter.addBatchObservableCallback(callback, [gauge, ...counters]);
  meter.removeBatchObservableCallback(callback, [gauge, ...counters]);
  expect(() => meter.createGauge('g').record(1)).not.toThrow();
  expect(() => meter.createUpDownCounter('ud').add(-1)).not.toThrow();
});
