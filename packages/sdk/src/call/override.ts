/** A method of an object of another library, called with any arguments. */
// biome-ignore lint/suspicious/noExplicitAny: the other library defines what its methods take and return.
export type Method = (this: any, ...args: any[]) => any;

/**
 * Replaces a method of one object, so that we see its calls while the object stays the same. Returns a function that
 * restores the method, or undefined for an object that cannot be changed.
 */
export function override(object: object, key: PropertyKey, method: Method): (() => void) | undefined {
  const own = Object.getOwnPropertyDescriptor(object, key);
  const changed = { value: method, configurable: true, writable: true, enumerable: own?.enumerable ?? false };
  if (!Reflect.defineProperty(object, key, changed)) return undefined;
  return () => {
    // Another override after ours calls ours; restoring the original would remove that one too.
    if (Reflect.get(object, key) !== method) return;
    if (own === undefined) Reflect.deleteProperty(object, key);
    else Reflect.defineProperty(object, key, own);
  };
}

/**
 * Restores all that were overridden: undefined when none could be. The list may still grow. The last goes first: V8 takes a
 * property that was added last back at once, and makes a slow table of an object that loses any other.
 */
export function restoreAll(undo: readonly ((() => void) | undefined)[]): (() => void) | undefined {
  if (!undo.some(Boolean)) return undefined;
  return () => {
    for (let k = undo.length - 1; k >= 0; k--) undo[k]?.();
  };
}
