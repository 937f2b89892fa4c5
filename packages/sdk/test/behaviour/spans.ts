import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { selectors } from '../desk.ts';
import { Recorder } from '../recorder.ts';
import type { Mode } from './index.ts';

export function spans({ Desk, Branch, functionName }: Mode): void {
  let recorder: Recorder;
  beforeEach(() => {
    recorder = Recorder.start();
  });
  afterEach(() => recorder.stop());

  test('a sync method stays sync and has an INTERNAL span Class.method with its code name and nothing else', () => {
    expect(new Desk().run(() => 42)).toBe(42);
    const span = recorder.span('Desk.run');
    expect(span.kind).toBe(SpanKind.INTERNAL);
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(span.attributes).toEqual({ 'code.function.name': functionName('Desk.run') });
    expect(span.events).toEqual([]);
    expect(span.instrumentationScope.name).toBe('@benchlab-otel/sdk');
  });

  test('the span of an async method ends when its promise settles', async () => {
    const { promise, resolve } = pending<string>();
    const running = new Desk().runAsync(() => promise);
    expect(running).toBeInstanceOf(Promise);
    expect(recorder.ended).toEqual([]);
    resolve('done');
    expect(await running).toBe('done');
    expect(recorder.span('Desk.runAsync').status.code).toBe(SpanStatusCode.UNSET);
  });

  test('a plain method that returns a promise is followed like an async one', async () => {
    const { promise, resolve } = pending<number>();
    const running = new Desk().run(() => promise);
    expect(recorder.ended).toEqual([]);
    resolve(1);
    expect(await running).toBe(1);
    recorder.span('Desk.run');
  });

  test('code inside belongs to the span, before and after an await, and code outside does not', async () => {
    const desk = new Desk();
    const running = desk.runAsync(async () => {
      desk.named(() => 0);
      await Promise.resolve();
      desk.all(() => 0);
    });
    expect(trace.getSpan(context.active())).toBeUndefined();
    await running;
    const outer = recorder.span('Desk.runAsync').spanContext().spanId;
    expect(recorder.span('desk.named').parentSpanContext?.spanId).toBe(outer);
    expect(recorder.span('Desk.all').parentSpanContext?.spanId).toBe(outer);
  });

  test('concurrent calls on one object keep their children apart', async () => {
    const desk = new Desk();
    const call = (id: number) =>
      desk.runAsync(async () => {
        await Promise.resolve();
        return desk.configured(id, () => trace.getSpan(context.active())?.spanContext().spanId);
      });
    const inner = await Promise.all([1, 2, 3].map(call));
    expect(new Set(inner).size).toBe(3);
    expect(recorder.ended).toHaveLength(6);
  });

  test('a name, kind, root and attributes can be given, and both selectors see the arguments', () => {
    new Desk().run(() => new Desk().configured(17, () => 0));
    const span = recorder.span('desk.7');
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(span.parentSpanContext).toBeUndefined();
    expect(span.attributes).toEqual({ 'code.function.name': functionName('Desk.configured'), 'desk.id': 17 });
    new Desk().named(() => 0);
    expect(recorder.span('desk.named').attributes['code.function.name']).toBe(functionName('Desk.named'));
  });

  test('an override and the method that it calls on the superclass are two spans, one in the other', () => {
    expect(new Branch().run(() => 'deep')).toBe('deep');
    const outer = recorder.span('Branch.run');
    expect(recorder.span('Desk.run').parentSpanContext?.spanId).toBe(outer.spanContext().spanId);
  });

  test('an inherited method is named after the class that has it', () => {
    new Branch().runAsync(async () => 0);
    new Branch().all(() => 0);
    recorder.span('Desk.all');
  });

  test('a span that the work ends itself is not ended twice', () => {
    new Desk().run(() => trace.getActiveSpan()?.end());
    recorder.span('Desk.run');
    expect(recorder.troubles).toEqual([]);
  });

  test('an unsampled call does not call an attribute selector, records nothing, and its children are not sampled either', async () => {
    recorder.stop();
    recorder.register({ sampled: false });
    selectors.runs = 0;
    const desk = new Desk();
    const seen = await desk.configured(1, async () => desk.run(() => trace.getActiveSpan()?.spanContext()));
    expect(selectors.runs).toBe(0);
    expect(seen?.traceFlags).toBe(0);
    expect(recorder.ended).toEqual([]);
  });

  test('the promise of an unsampled call, or of one without an SDK, reaches the caller unchanged', async () => {
    recorder.stop();
    const promise = Promise.resolve(1);
    expect(new Desk().run(() => promise)).toBe(promise);
    recorder.register({ sampled: false });
    expect(new Desk().run(() => promise)).toBe(promise);
  });

  test('without an SDK the work runs and no selector is called; an SDK that is registered later or replaced is used', () => {
    recorder.stop();
    selectors.runs = 0;
    const desk = new Desk();
    expect(desk.configured(1, () => 'plain')).toBe('plain');
    expect([...desk.iterate(range)]).toEqual([0, 1, 2]);
    expect(selectors.runs).toBe(0);
    recorder.register();
    desk.run(() => 0);
    expect(recorder.ended).toHaveLength(1);
    recorder.stop();
    const next = Recorder.start();
    desk.run(() => 0);
    next.stop();
    expect(recorder.ended).toHaveLength(1);
    expect(next.ended).toHaveLength(1);
  });
}

function* range(): Generator<number> {
  yield* [0, 1, 2];
}

function pending<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
