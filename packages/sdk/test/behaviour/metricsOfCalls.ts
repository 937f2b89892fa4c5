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

  test('only failures are counted where only they are asked for', async () => {
    const desk = new Desk();
    desk.failed(() => 0);
    catchFrom(() => desk.failed(() => raise(null)));
    expect(await recorder.points('desk.failures')).toEqual({ [labels('Desk.failed', { 'error.type': '_OTHER' })]: 1 });
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
