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
/** The observer of RxJS itself, which an operator passes to its source: functions that clean up can be added to it. */
interface Subscriber extends Required<Observer> {
  add: Method;
}

/**
 * Ends the watch when an observable completes, fails or loses its last subscriber. An observable begins its work at a
 * subscription, so its own `subscribe` is overridden until the watch ends.
 */
export function watchObservable(observable: Observable, watch: Watch): (() => void) | undefined {
  const { subscribe } = observable;
  let subscribers = 0;
  let isInside = false;
  const left = (): void => {
    subscribers -= 1;
    // Called after every kind of end, so this changes nothing unless the subscription was ended early.
    if (subscribers === 0) watch.close('unsubscribed');
  };
  return override(observable, 'subscribe', function (first, ...more) {
    // Some libraries implement one form of the call by another.
    if (isInside) return subscribe.call(this, first, ...more);
    const outside = context.active();
    const isSubscriber = typeof first?.add === 'function' && typeof first.next === 'function';
    if (isSubscriber) listen(first, outside, watch);
    const observer = isSubscriber ? first : listening(first, more, outside, watch);
    subscribers += 1;
    isInside = true;
    try {
      const subscription = watch.step(subscribe, this, [observer, ...more]) as Partial<Subscriber> | undefined;
      (isSubscriber ? first : subscription)?.add?.(left);
      return subscription;
    } catch (error) {
      watch.fail(error);
      throw error;
    } finally {
      isInside = false;
    }
  });
}

function listen(subscriber: Subscriber, outside: Context, watch: Watch): void {
  const { next, error, complete } = subscriber;
  const tell = teller({ next, error, complete }, subscriber, outside, watch);
  for (const key of ['next', 'error', 'complete'] as const) override(subscriber, key, tell(key));
}

function listening(first: unknown, more: unknown[], outside: Context, watch: Watch): Required<Observer> {
  const isObserver = typeof first === 'object' && first !== null;
  const observer = (isObserver ? first : { next: first, error: more[0], complete: more[1] }) as Observer;
  const tell = teller(observer, observer, outside, watch);
  return { next: tell('next'), error: tell('error'), complete: tell('complete') };
}

/** Makes the handlers that tell the watch about the end and then call those of the application. */
function teller(handlers: Observer, self: unknown, outside: Context, watch: Watch): (key: keyof Observer) => Method {
  return (key) =>
    (...args) => {
      if (key === 'error') watch.fail(args[0]);
      if (key === 'complete') watch.end();
      const handler = handlers[key];
      if (typeof handler === 'function') context.with(outside, apply, undefined, handler, self, args);
      // An error without a handler is thrown: the library then reports it as unhandled.
      else if (key === 'error') throw args[0];
    };
}
