/** A method of somebody else's object, called with whatever it is given. */
// biome-ignore lint/suspicious/noExplicitAny: what others' methods take and return is theirs to say.
export type Method = (this: any, ...args: any[]) => any;

/**
 * Puts a method of its own on one object, so that it listens along while the object stays the same. Returns how to
 * undo that, or nothing for an object that cannot be changed.
 */
export function override(object: object, key: PropertyKey, method: Method): (() => void) | undefined {
  const own = Object.getOwnPropertyDescriptor(object, key);
  const changed = { value: method, configurable: true, writable: true, enumerable: own?.enumerable ?? false };
  if (!Reflect.defineProperty(object, key, changed)) return undefined;
  return () => {
    // Who has overridden it after us calls us; taken away, that would be lost.
    if (Reflect.get(object, key) !== method) return;
    if (own === undefined) Reflect.deleteProperty(object, key);
    else Reflect.defineProperty(object, key, own);
  };
}
