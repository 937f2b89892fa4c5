import { type Context, context } from '@opentelemetry/api';
import { type Method, override } from './override.ts';
import { apply, type Watch } from './watch.ts';

export interface Observable {
  readonly subscribe: Method;
}
interface Observer {
  next?: Method;
  error?: Method;
  complete?: Method;
}
/** RxJS's own kind of observer, which an operator hands to its source: it can be told to clean up. */
interface Subscriber extends Required<Observer> {
  add: Method;
}

/**
 * Ends the watch when an observable completes, fails or is unsubscribed. It works once somebody subscribes, and once
 * for every subscription, so its own `subscribe` listens along the first time.
 */
export function watchObservable(observable: Observable, watch: Watch): (() => void) | undefined {
  const { subscribe } = observable;
  const restore = override(observable, 'subscribe', function (first, ...more) {
    restore?.();
    const outside = context.active();
    const isSubscriber = typeof first?.add === 'function' && typeof first.next === 'function';
    if (isSubscriber) listen(first, outside, watch);
    const observer = isSubscriber ? first : listening(first, more, outside, watch);
    try {
      const subscription = watch.step(subscribe, this, [observer, ...more]) as Partial<Subscriber> | undefined;
      // Called when it ends in any way: last of all, so this says nothing new unless it was unsubscribed.
      (isSubscriber ? first : subscription)?.add?.(() => watch.end());
      return subscription;
    } catch (error) {
      watch.fail(error);
      throw error;
    }
  });
  return restore;
}

function listen(subscriber: Subscriber, outside: Context, watch: Watch): void {
  const { next, error, complete } = subscriber;
  override(subscriber, 'next', function (value) {
    context.with(outside, apply, undefined, next, this, [value]);
  });
  override(subscriber, 'error', function (thrown) {
    watch.fail(thrown);
    context.with(outside, apply, undefined, error, this, [thrown]);
  });
  override(subscriber, 'complete', function () {
    watch.end();
    context.with(outside, apply, undefined, complete, this, []);
  });
}

function listening(first: unknown, more: unknown[], outside: Context, watch: Watch): Required<Observer> {
  const isObserver = typeof first === 'object' && first !== null;
  const observer = (isObserver ? first : { next: first, error: more[0], complete: more[1] }) as Observer;
  const tell = (key: keyof Observer, args: unknown[]) => {
    const handler = observer[key];
    if (typeof handler === 'function') context.with(outside, apply, undefined, handler, observer, args);
    // What nobody handles is thrown: the library then reports it as it does an error without a handler.
    else if (key === 'error') throw args[0];
  };
  return {
    next: (value: unknown) => tell('next', [value]),
    error: (error: unknown) => {
      watch.fail(error);
      tell('error', [error]);
    },
    complete: () => {
      watch.end();
      tell('complete', []);
    },
  };
}
