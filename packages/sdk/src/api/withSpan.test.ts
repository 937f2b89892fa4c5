import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Recorder } from '../../test/recorder.ts';
import { withSpan } from './withSpan.ts';

let recorder: Recorder;
beforeEach(() => {
  recorder = Recorder.start();
});
afterEach(() => recorder.stop());

test('the function runs at once, in an active span that it receives', () => {
  const result = withSpan('work', (span) => {
    expect(trace.getActiveSpan()).toBe(span);
    span.setAttribute('items', 3);
    return 'result';
  });
  expect(result).toBe('result');
  const span = recorder.span('work');
  expect(span.attributes).toEqual({ items: 3 });
  expect(span.status.code).toBe(SpanStatusCode.UNSET);
});

test('the options are those of the API', () => {
  withSpan('outer', () => withSpan('inner', { kind: SpanKind.PRODUCER, root: true, attributes: { a: 1 } }, () => 0));
  const inner = recorder.span('inner');
  expect(inner.kind).toBe(SpanKind.PRODUCER);
  expect(inner.parentSpanContext).toBeUndefined();
  expect(inner.attributes).toEqual({ a: 1 });
});

test('a promise is followed to its end, and its children belong to the span', async () => {
  const running = withSpan('work', async () => {
    await Promise.resolve();
    withSpan('child', () => 0);
  });
  expect(recorder.ended).toEqual([]);
  await running;
  expect(recorder.span('child').parentSpanContext?.spanId).toBe(recorder.span('work').spanContext().spanId);
});

test('an error reaches the caller, and is recorded once through nested spans', async () => {
  const error = new RangeError('deep');
  const running = withSpan('outer', async () => withSpan('inner', () => Promise.reject(error)));
  await expect(running).rejects.toBe(error);
  for (const name of ['outer', 'inner']) {
    expect(recorder.span(name).status).toEqual({ code: SpanStatusCode.ERROR, message: 'deep' });
    expect(recorder.span(name).attributes['error.type']).toBe('RangeError');
  }
  expect(recorder.span('inner').events).toHaveLength(1);
  expect(recorder.span('outer').events).toHaveLength(0);
});

test('a generator function is in its span until it is finished', () => {
  const rows = withSpan('rows', function* (span) {
    expect(trace.getActiveSpan()).toBe(span);
    yield 1;
  });
  expect(recorder.ended).toEqual([]);
  expect([...rows]).toEqual([1]);
  recorder.span('rows');
});

test('without an SDK the span records nothing and continues the trace that the process was called in', () => {
  const remote = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1, isRemote: true };
  const called = trace.setSpanContext(context.active(), remote);
  const seen = context.with(called, () => {
    trace.disable();
    return withSpan('work', (span) => [span.isRecording(), span.spanContext()]);
  });
  expect(seen).toEqual([false, remote]);
  recorder.stop();
  expect(withSpan('work', (span) => span.isRecording())).toBe(false);
});

test('an argument that is not a function is refused at once', () => {
  // @ts-expect-error the mistake of a caller without types
  expect(() => withSpan('work', {})).toThrow('fn of withSpan is undefined. It must be a function.');
});
