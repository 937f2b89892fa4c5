import { context } from '@opentelemetry/api';
import { hasIdentity } from './hasIdentity.ts';
import { type Method, override, restoreAll } from './override.ts';
import { isNativePromise, watchPromise } from './promise.ts';
import { isStarter, methodsOf } from './starters.ts';
import type { Body, Watch } from './watch.ts';

type Follow = (result: object, watch: Watch) => boolean;

/** One thenable while it is followed. */
interface Following {
  readonly watch: Watch;
  readonly follow: Follow;
  readonly restore: () => void;
  /** A method of the thenable runs under the watch. What it calls on the thenable itself is a part of it. */
  isInside: boolean;
}

const followings = /* @__PURE__ */ new WeakMap<object, Following>();

/** By the prototype of a class: what stands between it and its thenables while they are followed, and has our methods. */
const layers = /* @__PURE__ */ new WeakMap<object, object>();

/**
 * Ends the watch when a thenable of another library settles, without calling `then`: many start their work only at that
 * call (query builders), some at every call of it. So the object stays the same, and we see the calls of its methods until
 * the first of them starts the work: `then`, or a known one that returns a promise or a stream (`exec`,
 * `requestTransaction`). A new builder of the same class that another method returns is followed too. Returns undefined for
 * an object that cannot be changed.
 */
export function watchThenable(thenable: { then: Method }, watch: Watch, follow: Follow): (() => void) | undefined {
  const undo: ((() => void) | undefined)[] = [];
  const restore = () => {
    followings.delete(thenable);
    restoreAll(undo)?.();
  };
  const following: Following = { watch, follow, restore, isInside: false };
  followings.set(thenable, following);
  const prototype: object = Object.getPrototypeOf(thenable) ?? Object.prototype;
  const layer = layerOf(prototype);
  // One change for all methods of the class: to replace each of them on the object takes longer than a span.
  const isLayered = Object.hasOwn(layer, 'then') && Reflect.setPrototypeOf(thenable, layer);
  if (isLayered)
    undo.push(() => Object.getPrototypeOf(thenable) === layer && Reflect.setPrototypeOf(thenable, prototype));
  const keys: PropertyKey[] = methodsOf(thenable, isStarter);
  // It has a `then` of its own, or is a proxy whose methods are called with another `this`.
  if (!isLayered || thenable.then !== layer.then) keys.push('then', ...methodsOf(layer, isStarter));
  for (const key of new Set(keys)) {
    const own = { [key]: Reflect.get(thenable, key) };
    const restored = override(thenable, key, listener(key, own, following));
    if (key === 'then' && restored === undefined) return void restore();
    undo.push(restored);
  }
  return restore;
}

/** Has the methods of all its prototypes too. Each is looked up when it is called: another library may replace it later. */
function layerOf(prototype: object): { readonly then?: Method } {
  let layer = layers.get(prototype);
  if (layer === undefined) {
    layer = Object.create(prototype) as object;
    for (let each = prototype; each !== null && each !== Object.prototype; each = Object.getPrototypeOf(each)) {
      for (const key of methodsOf(each, (name) => name !== 'constructor' && !Object.hasOwn(layer as object, name))) {
        override(layer, key, listener(key, prototype));
      }
    }
    layers.set(prototype, layer);
  }
  return layer;
}

/** Our method in the place of that of `holder`: the prototype of a class, or the methods that `of` has itself. */
function listener(key: PropertyKey, holder: object, of?: Following): Method {
  const starts = isStarter(key);
  return function (...args) {
    const method: Method = Reflect.get(holder, key);
    const following = of ?? followings.get(this);
    if (following === undefined || following.isInside) return method.apply(this, args);
    const { watch, follow, restore } = following;
    const step = (changed: unknown[]): unknown => {
      following.isInside = true;
      try {
        return watch.step(method as Body, this, changed);
      } finally {
        following.isInside = false;
      }
    };
    const [first, second, ...more] = args;
    if (key === 'then') {
      restore();
      return step([...handlers(watch, first, second), ...more]);
    }
    // The handler of `catch` hides from its promise that the work has failed.
    const hides = key === 'catch' && typeof first === 'function';
    const result = starts ? step(hides ? [handlers(watch, undefined, first)[1]] : args) : method.apply(this, args);
    // The thenable itself and a plain value have not started the work; of other methods, only a new builder continues it.
    if (!hasIdentity(result) || result === this) return result;
    if (!starts && Object.getPrototypeOf(result) !== holder) return result;
    if (isNativePromise(result)) {
      restore();
      return watchPromise(result, watch, (value) => watch.returned(value));
    }
    // The work is that of the result. It holds the thenable, which no code may use any more, so that this ends no call.
    follow(result, inherited(this, watch));
    return result;
  };
}

/** What a thenable calls when it has settled: it ends the watch, and then calls the handlers of the application. */
function handlers(watch: Watch, onValue: unknown, onError: unknown): [Method, Method] {
  const outside = context.active();
  return [
    (value: unknown) => {
      watch.returned(value);
      return typeof onValue === 'function' ? context.with(outside, onValue as Method, undefined, value) : value;
    },
    (error: unknown) => {
      watch.fail(error);
      if (typeof onError === 'function') return context.with(outside, onError as Method, undefined, error);
      throw error;
    },
  ];
}

/** The watch of `of`, for an object that `of` has made and that may be dropped while `of` is still in use. */
function inherited(of: object, watch: Watch): Watch {
  return Object.assign(Object.create(watch), { of, close: () => {} });
}
