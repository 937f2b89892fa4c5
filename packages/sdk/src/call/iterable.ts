import { watchGenerator, watchPulls } from './generator.ts';
import { type Method, override, restoreAll } from './override.ts';
import type { Watch } from './watch.ts';

const iterates = [Symbol.asyncIterator, 'byPage'];
/** Methods of a cursor or a directory: those that read a part of it, and those that read all of it or end it. */
const pulls = 'next read readSync hasNext return throw toArray forEach close closeSync'.split(' ');
const isRead = /^(next|read|has)/;

/**
 * Ends the watch when an object for `for await` has been read to its end or is closed: a cursor of a database, a directory,
 * the answer of a language model. Returns a function that ends the watching, or undefined when it cannot be changed.
 */
export function watchAsyncIterable(iterable: object, watch: Watch): (() => void) | undefined {
  const undo = iterates.map((key) => {
    const iterate = Reflect.get(iterable, key) as Method | undefined;
    if (typeof iterate !== 'function') return undefined;
    return override(iterable, key, function (...args) {
      const iterator = watch.step(iterate, this, args);
      // An iterator that cannot be changed shows no end. Of an object that iterates itself, `next` is overridden below.
      if (iterator !== iterable && !watchGenerator(iterator, () => watch, watch)) watch.end();
      return iterator;
    });
  });
  undo.push(watchPulls(iterable, pulls, (result, pull) => !isRead.test(pull) || isLast(result), watch));
  return undo[0] && restoreAll(undo);
}

/** A row may have a field `done`, so a step of an iterator is one that has nothing else than `done` and `value`. */
function isLast(result: { done?: unknown } | null | undefined | false): boolean {
  if (result === null || result === false) return true;
  return result?.done === true && Object.keys(result).every((key) => /^(done|value)$/.test(key));
}
