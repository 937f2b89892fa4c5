import { watchGenerator } from './generator.ts';
import { type NodeStream, watchNodeStream } from './nodeStream.ts';
import { type Observable, watchObservable } from './observable.ts';
import type { Method } from './override.ts';
import { watchThenable } from './thenable.ts';
import { apply, type Body, type Watch } from './watch.ts';
import { type WebStream, watchWebStream } from './webStream.ts';

/** Calls that may wait for the end of one object. A method may return the same endless stream at every call. */
const maxWatches = 16;
const groups = new WeakMap<object, Group>();

/**
 * Follows work that continues after the call has returned, to the end of a thenable, a generator, a stream of Node or
 * the web, or an observable. The object stays the same and is not consumed. Returns false for anything else, for an
 * object that cannot be changed, and for one that `maxWatches` calls follow already.
 */
export function follow(result: object, watch: Watch): boolean {
  try {
    const known = groups.get(result);
    if (known !== undefined) return known.join(watch);
    const group = new Group(watch);
    const restore = listenTo(result as Kinds, group);
    if (restore === undefined) return false;
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

/** Returns a function that ends the watching, or undefined when the result has no end to watch. */
function listenTo(result: Partial<Kinds>, watch: Watch): (() => void) | undefined {
  if (has(result, 'then')) return watchThenable(result, watch);
  const prototype: unknown = Object.getPrototypeOf(result);
  if (prototype === Object.prototype || prototype === Array.prototype) return undefined;
  if (has(result, 'getReader')) return watchWebStream(result as WebStream, watch);
  if (has(result, 'emit')) {
    return has(result, 'pipe') || has(result, 'write') ? watchNodeStream(result, watch) : undefined;
  }
  if (has(result, 'subscribe')) return has(result, 'pipe') ? watchObservable(result, watch) : undefined;
  return isGenerator(result) ? watchGenerator(result, () => watch, watch) : undefined;
}

function has<K extends keyof Kinds>(result: Partial<Kinds>, key: K): result is Partial<Kinds> & Record<K, Method> {
  return typeof result[key] === 'function';
}

function isGenerator(result: object): boolean {
  const tag: unknown = Reflect.get(result, Symbol.toStringTag);
  return tag === 'Generator' || tag === 'AsyncGenerator';
}

/** All watches of one object, as one watch, whose end is reported once. */
class Group implements Watch {
  readonly wantsEnd = true;
  #watches: Watch[] | undefined;
  whenOver: (() => void) | undefined;

  constructor(first: Watch) {
    this.#watches = [first];
  }

  join(watch: Watch): boolean {
    if (this.#watches === undefined || this.#watches.length >= maxWatches) return false;
    this.#watches.push(watch);
    return true;
  }

  /** The first watch is the innermost: a decorator beneath another one gets the result first. */
  step(body: Body, self: unknown, args: readonly unknown[]): unknown {
    const around = (inner: Body, watch: Watch): Body =>
      function (...more) {
        return watch.step(inner, this, more);
      };
    return apply((this.#watches ?? []).reduce(around, body), self, args);
  }

  returned(value: unknown): void {
    this.#over((watch) => watch.returned(value));
  }

  end(): void {
    this.#over((watch) => watch.end());
  }

  fail(error: unknown): void {
    this.#over((watch) => watch.fail(error));
  }

  #over(report: (watch: Watch) => void): void {
    const watches = this.#watches ?? [];
    this.#watches = undefined;
    this.whenOver?.();
    watches.forEach(report);
  }
}
