import { OptionError } from '@benchlab-otel/core';
import { context, diag, metrics, SpanKind, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withSpan } from '../api/withSpan.ts';
import { type InMemoryTelemetry, inMemoryTelemetry } from './inMemoryTelemetry.ts';

let telemetry: InMemoryTelemetry;
beforeEach(() => {
  telemetry = inMemoryTelemetry();
});
afterEach(() => telemetry.shutdown());

const meter = () => metrics.getMeter('shop');
const valuesOf = async (name: string) =>
  (await telemetry.metrics()).find((metric) => metric.name === name)?.points.map(({ value }) => value);

test('a span is plain data: names, ids, attributes, status, events, links, duration', () => {
  const link = { context: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 } };
  const span = trace
    .getTracer('shop')
    .startSpan('checkout', { kind: SpanKind.SERVER, links: [link] }, context.active());
  span.setAttribute('items', 3).addEvent('paid', { by: 'card' }).setStatus({ code: 2, message: 'declined' }).end();
  const { traceId, spanId } = span.spanContext();
  expect(telemetry.spans()).toEqual([
    {
      name: 'checkout',
      kind: SpanKind.SERVER,
      traceId,
      spanId,
      attributes: { items: 3 },
      status: { code: 2, message: 'declined' },
      events: [{ name: 'paid', attributes: { by: 'card' } }],
      links: [expect.objectContaining(link)],
      durationMs: expect.any(Number),
      scope: 'shop',
    },
  ]);
});

test('spans are in the order of their ends, and a child has its parent across awaits and timers', async () => {
  await withSpan('outer', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    withSpan('inner', () => 0);
  });
  const [inner, outer] = telemetry.spans();
  expect([inner?.name, outer?.name]).toEqual(['inner', 'outer']);
  expect(inner?.parentSpanId).toBe(outer?.spanId);
  expect(outer).not.toHaveProperty('parentSpanId');
});

test('the only span of a name is found; no span or two of that name is an error that lists the recorded ones', () => {
  withSpan('one', () => 0);
  withSpan('two', () => 0);
  withSpan('two', () => 0);
  expect(telemetry.span('one').name).toBe('one');
  expect(() => telemetry.span('none')).toThrow('No spans "none" among 3: "one", "two", "two"');
  expect(() => telemetry.span('two')).toThrow('2 spans "two" among 3');
});

test('every instrument is read back with its unit and its points, at every reading', async () => {
  meter().createCounter('orders', { unit: '{order}', description: 'Orders.' }).add(2, { tier: 'gold' });
  meter().createUpDownCounter('open').add(3);
  meter().createGauge('level').record(7);
  meter()
    .createObservableGauge('seen')
    .addCallback((result) => result.observe(5));
  const durations = meter().createHistogram('took', { unit: 's', advice: { explicitBucketBoundaries: [1, 10] } });
  for (const value of [0.5, 5, 50]) durations.record(value);
  const first = await telemetry.metrics();
  expect(first).toEqual(await telemetry.metrics());
  expect(Object.fromEntries(first.map(({ name, instrument }) => [name, instrument]))).toEqual({
    orders: 'counter',
    open: 'updowncounter',
    level: 'gauge',
    seen: 'gauge',
    took: 'histogram',
  });
  expect(first.find(({ name }) => name === 'orders')).toEqual({
    name: 'orders',
    unit: '{order}',
    description: 'Orders.',
    instrument: 'counter',
    scope: 'shop',
    points: [{ attributes: { tier: 'gold' }, value: 2 }],
  });
  expect([await valuesOf('open'), await valuesOf('level'), await valuesOf('seen')]).toEqual([[3], [7], [5]]);
  const buckets = { boundaries: [1, 10], counts: [1, 1, 1] };
  expect(await valuesOf('took')).toEqual([{ count: 3, sum: 55.5, min: 0.5, max: 50, buckets }]);
});

test('values between two readings are added up', async () => {
  const counter = meter().createCounter('orders');
  const histogram = meter().createHistogram('took', { advice: { explicitBucketBoundaries: [10] } });
  counter.add(1);
  histogram.record(4);
  await telemetry.metrics();
  counter.add(2);
  histogram.record(40);
  expect(await valuesOf('orders')).toEqual([3]);
  const buckets = { boundaries: [10], counts: [1, 1] };
  expect(await valuesOf('took')).toEqual([{ count: 2, sum: 44, min: 4, max: 40, buckets }]);
});

test('reset deletes all records, the same instruments begin at 0, and a level stays', async () => {
  const counter = meter().createCounter('orders');
  const open = meter().createUpDownCounter('open');
  counter.add(5, { tier: 'gold' });
  open.add(2);
  withSpan('before', () => 0);
  await telemetry.reset();
  expect(telemetry.spans()).toEqual([]);
  expect(await valuesOf('orders')).toBeUndefined();
  counter.add(1);
  open.add(-1);
  withSpan('after', () => 0);
  expect(await valuesOf('orders')).toEqual([1]);
  expect(await valuesOf('open')).toEqual([1]);
  expect(telemetry.spans().map(({ name }) => name)).toEqual(['after']);
});

test('a second one while the first is registered is refused and changes nothing', () => {
  expect(() => inMemoryTelemetry()).toThrow(/registered already.*Shut down the telemetry of the test before/);
  withSpan('still seen', () => 0);
  telemetry.span('still seen');
});

test('after a shutdown nothing more is recorded, earlier records are still there, and another one may start at once', async () => {
  meter().createCounter('orders').add(1);
  withSpan('before', () => 0);
  const first = telemetry;
  const stopping = first.shutdown();
  telemetry = inMemoryTelemetry();
  withSpan('after', () => 0);
  await stopping;
  await first.shutdown();
  expect(first.spans().map(({ name }) => name)).toEqual(['before']);
  expect((await first.metrics()).map(({ name }) => name)).toEqual(['orders']);
  telemetry.span('after');
});

test('without sampling there are no spans, and everything else works', async () => {
  await telemetry.shutdown();
  telemetry = inMemoryTelemetry({ sampled: false });
  expect(withSpan('unseen', () => 42)).toBe(42);
  meter().createCounter('orders').add(1);
  expect(telemetry.spans()).toEqual([]);
  expect(await valuesOf('orders')).toEqual([1]);
});

test('a span processor of the application sees each span before it is recorded', async () => {
  await telemetry.shutdown();
  const seen: string[] = [];
  const done = async () => {};
  const processor = {
    onStart: (span: { setAttribute(name: string, value: string): void }) => span.setAttribute('tenant', 'acme'),
    onEnd: (span: { name: string }) => seen.push(span.name),
    forceFlush: done,
    shutdown: done,
  };
  telemetry = inMemoryTelemetry({ spanProcessors: [processor] });
  withSpan('checkout', () => 0);
  expect(seen).toEqual(['checkout']);
  expect(telemetry.span('checkout').attributes.tenant).toBe('acme');
});

test('spans beyond the bound are dropped and counted', async () => {
  await telemetry.shutdown();
  telemetry = inMemoryTelemetry({ maxSpans: 2 });
  for (let call = 0; call < 5; call++) withSpan('many', () => 0);
  expect(telemetry.spans()).toHaveLength(2);
  expect(telemetry.droppedSpans).toBe(3);
  expect(() => inMemoryTelemetry({ maxSpans: 0 })).toThrow(OptionError);
});

test('warnings of OpenTelemetry are kept, a thousand at most', () => {
  for (let call = 0; call < 1_500; call++) diag.warn('queue is full', { size: call });
  diag.info('not a warning');
  expect(telemetry.diagnostics).toHaveLength(1_000);
  expect(telemetry.diagnostics[0]).toContain('queue is full');
});

test('the error of an observable callback rejects metrics(), not shutdown()', async () => {
  meter().createCounter('orders').add(1);
  meter()
    .createObservableGauge('broken')
    .addCallback(() => {
      throw new Error('the sensor is gone');
    });
  await expect(telemetry.metrics()).rejects.toThrow('the sensor is gone');
  await telemetry.reset();
  await telemetry.shutdown();
});
