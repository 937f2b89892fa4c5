import { SpanStatusCode, trace } from '@opentelemetry/api';
import {
  BehaviorSubject,
  concat,
  config,
  defer,
  EMPTY,
  from,
  lastValueFrom,
  map,
  NEVER,
  of,
  range,
  Subject,
  share,
  switchMap,
  take,
  throwError,
  toArray,
} from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Recorder } from '../recorder.ts';
import { catchFromAsync } from './failures.ts';
import type { Mode } from './index.ts';

// The real RxJS, as applications have it; the package itself knows an observable by its methods.
export function observables({ Desk }: Mode): void {
  let recorder: Recorder;
  beforeEach(() => {
    recorder = Recorder.start();
  });
  afterEach(() => recorder.stop());
  const statuses = () => recorder.ended.map((span) => span.status.code);
  const activeId = () => trace.getActiveSpan()?.spanContext().spanId;

  test('the caller gets the same observable, unsubscribed; the span ends when it completes', () => {
    let subscriptions = 0;
    const subject = new Subject<number>();
    const observable = defer(() => {
      subscriptions += 1;
      return subject;
    });
    expect(new Desk().run(() => observable)).toBe(observable);
    expect([subscriptions, recorder.ended]).toEqual([0, []]);
    const values: number[] = [];
    observable.subscribe((value) => values.push(value));
    subject.next(1);
    expect(recorder.ended).toEqual([]);
    subject.complete();
    expect([subscriptions, values]).toEqual([1, [1]]);
    expect(statuses()).toEqual([SpanStatusCode.UNSET]);
  });

  test.each<[string, (desk: InstanceType<Mode['Desk']>) => Promise<unknown>, unknown]>([
    ['an operator', (desk) => lastValueFrom(desk.run(() => of(1, 2)).pipe(map((n) => n * 2))), 4],
    ['toArray', (desk) => lastValueFrom(desk.run(() => range(0, 3)).pipe(toArray())), [0, 1, 2]],
    [
      'another observable',
      (desk) =>
        lastValueFrom(
          concat(
            desk.run(() => of(1)),
            of(2),
          ),
        ),
      2,
    ],
    ['switchMap', (desk) => lastValueFrom(of(0).pipe(switchMap(() => desk.run(() => of(5))))), 5],
    ['share', (desk) => lastValueFrom(desk.run(() => from([1, 2])).pipe(share())), 2],
    ['forEach', async (desk) => desk.run(() => of(1)).forEach(() => {}), undefined],
    ['a take of an endless source', (desk) => lastValueFrom(desk.run(() => range(0, Infinity)).pipe(take(3))), 2],
  ])('consumed by %s it does what it did, and the span ends', async (_name, consume, result) => {
    expect(await consume(new Desk())).toEqual(result);
    expect(statuses()).toEqual([SpanStatusCode.UNSET]);
  });

  test('observers of every form get all values, with their own `this`', () => {
    class Observer {
      #values: unknown[] = [];
      next(value: unknown): void {
        this.#values.push(value);
      }
      complete(): void {
        this.#values.push('complete');
      }
      get values(): unknown[] {
        return this.#values;
      }
    }
    const observer = new Observer();
    const subject = new BehaviorSubject<unknown>(undefined);
    const seen: unknown[] = [];
    const desk = new Desk();
    desk.run(() => of(1)).subscribe(observer);
    desk.run(() => of(2)).subscribe(subject);
    desk.run(() => of(3)).subscribe((value) => seen.push(value));
    desk.run(() => EMPTY).subscribe({ complete: () => seen.push('complete') });
    desk.run(() => of(4)).subscribe();
    expect([observer.values, subject.value, seen]).toEqual([[1, 'complete'], 2, [3, 'complete']]);
    expect(statuses()).toEqual(Array(5).fill(SpanStatusCode.UNSET));
  });

  test('an observable that fails makes the span an error, also through an operator, and the observer gets the error', async () => {
    const desk = new Desk();
    const error = new RangeError('cut');
    const seen: unknown[] = [];
    desk.run(() => throwError(() => error)).subscribe({ error: (thrown) => seen.push(thrown) });
    const through = desk.run(() => throwError(() => error)).pipe(map((value) => value));
    expect(await catchFromAsync(lastValueFrom(through))).toBe(error);
    expect(seen).toEqual([error]);
    expect(statuses()).toEqual([SpanStatusCode.ERROR, SpanStatusCode.ERROR]);
  });

  test('an error that no observer handles is reported by RxJS, as without a span', async () => {
    const error = new RangeError('cut');
    const unhandled = new Promise((resolve) => {
      config.onUnhandledError = resolve;
    });
    new Desk().run(() => throwError(() => error)).subscribe(() => {});
    expect(await unhandled).toBe(error);
    config.onUnhandledError = null;
    expect(statuses()).toEqual([SpanStatusCode.ERROR]);
  });

  test('unsubscribing ends the span as a success, and the source cleans up', () => {
    let isTornDown = false;
    const source = defer(() => NEVER).pipe((inner) => inner);
    const desk = new Desk();
    const subscription = desk.run(() => source).subscribe();
    subscription.add(() => {
      isTornDown = true;
    });
    desk
      .run(() => NEVER.pipe(map(() => 0)))
      .pipe(take(1))
      .subscribe()
      .unsubscribe();
    subscription.unsubscribe();
    expect(isTornDown).toBe(true);
    expect(statuses()).toEqual([SpanStatusCode.UNSET, SpanStatusCode.UNSET]);
  });

  test('subscribing is in the span, and what the subscriber does is not', async () => {
    const outside: unknown[] = [];
    let inside: unknown;
    const observable = defer(() => {
      inside = activeId();
      return of(1, 2);
    });
    const desk = new Desk();
    desk.run(() => observable).subscribe(() => outside.push(activeId()));
    await lastValueFrom(desk.named(() => observable.pipe()).pipe(map(() => outside.push(activeId()))));
    expect(inside).toBe(recorder.span('desk.named').spanContext().spanId);
    expect(outside).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('a second subscription works, and has no span', () => {
    const observable = new Desk().run(() => of(1));
    observable.subscribe();
    expect(Object.hasOwn(observable, 'subscribe')).toBe(false);
    observable.subscribe();
    expect(recorder.ended).toHaveLength(1);
  });

  test('a subject that every call returns keeps a bounded number of spans', () => {
    const shared = new Subject();
    for (let call = 0; call < 1_000; call++) new Desk().run(() => shared);
    expect(recorder.ended).toHaveLength(984);
    shared.subscribe();
    shared.complete();
    expect(recorder.ended).toHaveLength(1_000);
  });

  test('an object that has a method `subscribe` and is not an observable ends its span with the call', () => {
    const store = Object.create({ subscribe: () => {}, getState: () => 1 });
    expect(new Desk().run(() => store)).toBe(store);
    expect(recorder.ended).toHaveLength(1);
  });

  test('a shared observable that never ends closes its calls when its last subscriber leaves, and its spans state it', () => {
    const shared = new Subject();
    const desk = new Desk();
    const subscriptions = Array.from({ length: 5 }, () => desk.run(() => shared).subscribe());
    for (const subscription of subscriptions.slice(1)) subscription.unsubscribe();
    expect(recorder.ended).toEqual([]);
    subscriptions[0]?.unsubscribe();
    expect(recorder.ended.map((span) => span.attributes['benchlab.call.closed_by'])).toEqual(
      Array(5).fill('unsubscribed'),
    );
    desk.named(() => shared).subscribe();
    shared.complete();
    expect(recorder.span('desk.named').attributes).not.toHaveProperty('benchlab.call.closed_by');
  });
}
