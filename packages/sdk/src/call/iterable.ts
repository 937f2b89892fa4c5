import { watchGenerator } from './generator.ts';
import { type Method, override } from './override.ts';
import type { Watch } from './watch.ts';

/**
 * Ends the watch when a loop over an object for `for await` has ended: a cursor of a database, the answer of a language
 * model. Returns a function that ends the watching, or undefined for anything else.
 */
export function watchAsyncIterable(iterable: object, watch: Watch): (() => void) | undefined {
  const iterate = Reflect.get(iterable, Symbol.asyncIterator) as Method | undefined;
  if (typeof iterate !== 'function') return undefined;
  return override(iterable, Symbol.asyncIterator, function (...args) {
    const iterator = watch.step(iterate, this, args);
    // An iterator that cannot be changed shows no end.
    if (watchGenerator(iterator, () => watch, watch) === undefined) watch.end();
    return iterator;
  });
}
