import { trace } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Recorder } from '../recorder.ts';
import { catchFrom, catchFromAsync, raise } from './failures.ts';
import type { Mode } from './index.ts';

export function metricsOfCalls({ Desk, functionName }: Mode): void {
  let recorder: Recorder;
  beforeEach(() => {
    recorder = Recorder.start();
  });
  afterEach(() => {
    vi.useRealTimers();
    recorder.stop();
  });

  const labels = (method: string, more: object = {}) =>
    JSON.stringify({ 'code.function.name': functionName(method), ...more });

  test('durations are in seconds, with buckets for seconds and the given attributes', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { promise, resolve } = pending();
    const running = new Desk().timed(() => promise);
    vi.advanceTimersByTime(2_000);
    resolve();
    await running;
    const { unit, value } = await recorder.histogram('desk.duration');
    expect(unit).toBe('s');
    expect(value.sum).toBe(2);
    expect(value.buckets).toEqual({ boundaries: [0.1, 1, 10], counts: [0, 0, 1, 0] });
    expect(await recorder.points('desk.duration')).toEqual({ [labels('Desk.timed', { tier: 'gold' })]: 1 });
  });

  test('a failure has the error.type that its span has; a success has none', async () => {
    const desk = new Desk();
    desk.all(() => 0);
    catchFrom(() => desk.all(() => raise(new TypeError())));
    expect(await catchFromAsync(desk.all(() => Promise.reject(undefined)))).toBe(undefined);
    const expected = {
      [labels('Desk.all')]: 1,
      [labels('Desk.all', { 'error.type': 'TypeError' })]: 1,
      [labels('Desk.all', { 'error.type': '_OTHER' })]: 1,
    };
    expect(await recorder.points('benchlab.calls')).toEqual(expected);
    expect(await recorder.points('benchlab.call.duration')).toEqual(expected);
    expect(recorder.ended.map((span) => span.attributes['error.type'])).toEqual([undefined, 'TypeError', '_OTHER']);
  });

  test('the default buckets are for seconds', async () => {
    new Desk().all(() => 0);
    const { value } = await recorder.histogram('benchlab.call.duration');
    expect(value.buckets.boundaries.at(0)).toBe(0.0005);
    expect(value.buckets.boundaries.at(-1)).toBe(10);
  });

  test('a generator is measured when it has been consumed', async () => {
    const rows = new Desk().timedRows();
    rows.next();
    expect(await recorder.points('benchlab.call.duration')).toEqual({});
    expect([...rows]).toEqual([2]);
    expect(await recorder.points('benchlab.call.duration')).toEqual({ [labels('Desk.timedRows')]: 1 });
  });

  test('a selector labels by the arguments, and its values are bounded', async () => {
    const desk = new Desk();
    for (let id = 0; id < 150; id++) desk.counted(id, () => 0);
    const points = await recorder.points('desk.calls');
    expect(points[labels('Desk.counted', { id: 7 })]).toBe(1);
    expect(points[labels('Desk.counted', { id: '_OTHER' })]).toBe(50);
    expect(Object.keys(points)).toHaveLength(101);
    expect(recorder.troubles).toHaveLength(1);
  });

  test('only failures are counted with the option only: failure', async () => {
    const desk = new Desk();
    desk.failed(() => 0);
    catchFrom(() => desk.failed(() => raise(null)));
    expect(await recorder.points('desk.failures')).toEqual({ [labels('Desk.failed', { 'error.type': '_OTHER' })]: 1 });
  });

  test('calls in flight are counted while their work continues, however it ends', async () => {
    const desk = new Desk();
    const { promise, resolve } = pending();
    const running = [desk.busy(() => promise), desk.busy(() => promise)];
    expect(await recorder.points('desk.busy')).toEqual({ [labels('Desk.busy')]: 2 });
    resolve();
    await Promise.all(running);
    expect(desk.busy(() => 'sync')).toBe('sync');
    catchFrom(() => desk.busy(() => raise('failed')));
    expect(await recorder.points('desk.busy')).toEqual({ [labels('Desk.busy')]: 0 });
  });

  test('a gauge has the last result, or what is read from it, and nothing of a call that fails', async () => {
    const desk = new Desk();
    desk.waiting(() => 3);
    expect(desk.waiting(() => 5)).toBe(5);
    catchFrom(() => desk.waiting(() => raise('failed')));
    expect(await desk.queued(async () => [1, 2])).toEqual([1, 2]);
    expect(await recorder.points('desk.waiting')).toEqual({ [labels('Desk.waiting')]: 5 });
    expect(await recorder.points('desk.queued')).toEqual({ [labels('Desk.queued')]: 2 });
    expect(recorder.troubles).toEqual([]);
    // A gauge of the SDK alone has no way to take a value back.
    for (const wrong of ['no number', undefined, Number.NaN]) desk.waiting(() => wrong as unknown as number);
    expect(recorder.troubles).toHaveLength(1);
    expect(await recorder.points('desk.waiting')).toEqual({ [labels('Desk.waiting')]: 5 });
    expect(await recorder.points('benchlab.record.faults')).toEqual({ '{"benchlab.record.fault":"value"}': 3 });
  });

  test('@Observed makes a span and its duration, with the same error.type', async () => {
    const desk = new Desk();
    desk.observed(() => 0);
    catchFrom(() => desk.observed(() => raise(new RangeError())));
    expect(await catchFromAsync(desk.observed(() => Promise.reject(null)))).toBe(null);
    expect(recorder.ended.map((span) => [span.name, span.attributes['error.type']])).toEqual([
      ['Desk.observed', undefined],
      ['Desk.observed', 'RangeError'],
      ['Desk.observed', '_OTHER'],
    ]);
    expect(await recorder.points('desk.observed')).toEqual({
      [labels('Desk.observed', { tier: 'gold' })]: 1,
      [labels('Desk.observed', { tier: 'gold', 'error.type': 'RangeError' })]: 1,
      [labels('Desk.observed', { tier: 'gold', 'error.type': '_OTHER' })]: 1,
    });
  });

  test('the end of an observed call is measured in its span, so that an exemplar finds it', async () => {
    const seen: unknown[] = [];
    vi.spyOn(performance, 'now').mockImplementation(() => seen.push(trace.getActiveSpan()?.spanContext().spanId));
    await new Desk().observed(() => Promise.resolve());
    vi.restoreAllMocks();
    expect(seen).toContain(recorder.span('Desk.observed').spanContext().spanId);
  });

  test('unsampled calls are measured too', async () => {
    recorder.stop();
    recorder = Recorder.start({ sampled: false });
    new Desk().all(() => 0);
    expect(recorder.ended).toEqual([]);
    expect(await recorder.points('benchlab.calls')).toEqual({ [labels('Desk.all')]: 1 });
  });

  test('calls before the SDK is registered are lost, and later ones are not', async () => {
    recorder.stop();
    const desk = new Desk();
    expect(desk.all(() => 'plain')).toBe('plain');
    expect([...desk.timedRows()]).toEqual([1, 2]);
    recorder = Recorder.start();
    desk.all(() => 0);
    expect(await recorder.points('benchlab.calls')).toEqual({ [labels('Desk.all')]: 1 });
  });
}

function pending(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
