import { isGenerator, watchGenerator } from './generator.ts';
import { watchAsyncIterable } from './iterable.ts';
import { isOpenConnection, type NodeStream, watchNodeStream } from './nodeStream.ts';
import { type Observable, watchObservable } from './observable.ts';
import { OpenCalls } from './openCalls.ts';
import type { Method } from './override.ts';
import { shared } from './shared.ts';
import { watchThenable } from './thenable.ts';
import type { Body, ClosedBy, Watch } from './watch.ts';
import { type WebStream, watchWebStream } from './webStream.ts';

const groups = /* @__PURE__ */ shared('groups', new WeakMap<object, Followed>());

/**
 * Follows work that continues after the call has returned, to the end of a thenable, a generator, a stream of Node or
 * the web, an observable or another object for `for await`. The object stays the same and is not consumed. Returns false
 * for anything else, for an object that cannot be changed, and for one that 16 calls follow already.
 */
export function follow(result: object, watch: Watch): boolean {
  try {
    if (isOpenConnection(result)) return false;
    const known = groups.get(result);
    if (known !== undefined && !known.calls.areOver) return known.calls.join(watch);
    const listen = listenerOf(result as Kinds);
    if (listen === undefined) return false;
    const group = new Followed(new OpenCalls(result, watch));
    const restore = listen(result as Kinds, group);
    if (restore === undefined) {
      group.calls.forget();
      return false;
    }
    groups.set(result, group);
    group.whenOver = () => {
      groups.delete(result);
      restore();
    };
    return true;
  } catch {
    // The object throws when its kind is looked up.
    return false;
  }
}

type Kinds = { then: Method; on: Method; pipe: Method; write: Method } & NodeStream & WebStream & Observable;

/** Watches a result of one kind. Returns a function that ends the watching, or undefined when there is no end to watch. */
type Listen = (result: Kinds, watch: Watch) => (() => void) | undefined;

/** Undefined for a result whose work has ended with the call. */
function listenerOf(result: Partial<Kinds>): Listen | undefined {
  if (has(result, 'then')) return (thenable, watch) => watchThenable(thenable, watch, follow);
  const prototype: unknown = Object.getPrototypeOf(result);
  if (prototype === Object.prototype || prototype === Array.prototype) {
    return Object.hasOwn(result, Symbol.asyncIterator) ? watchAsyncIterable : undefined;
  }
  if (has(result, 'getReader')) return watchWebStream;
  if (has(result, 'emit')) return has(result, 'pipe') || has(result, 'write') ? watchNodeStream : undefined;
  if (has(result, 'subscribe')) return has(result, 'pipe') ? watchObservable : undefined;
  if (isGenerator(result)) return (generator, watch) => watchGenerator(generator, () => watch, watch);
  return Symbol.asyncIterator in result ? watchAsyncIterable : undefined;
}

function has<K extends keyof Kinds>(result: Partial<Kinds>, key: K): result is Partial<Kinds> & Record<K, Method> {
  return typeof result[key] === 'function';
}

/** The calls that have returned one object, and how to restore the object when they are over. */
class Followed implements Watch {
  readonly wantsEnd = true;
  readonly calls: OpenCalls;
  whenOver: (() => void) | undefined;

  constructor(calls: OpenCalls) {
    this.calls = calls;
  }

  step(body: Body, self: unknown, args: readonly unknown[]): unknown {
    return this.calls.step(body, self, args);
  }

  returned(value: unknown): void {
    this.restored().returned(value);
  }

  end(): void {
    this.restored().end();
  }

  fail(error: unknown): void {
    this.restored().fail(error);
  }

  close(by: ClosedBy): void {
    this.restored().close(by);
  }

  /** Not a private name: a thenable gives what it has started a watch that inherits from this one. */
  protected restored(): OpenCalls {
    this.whenOver?.();
    this.whenOver = undefined;
    return this.calls;
  }
}
