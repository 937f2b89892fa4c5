import { watchGenerator } from './generator.ts';
import { type Method, override, restoreAll } from './override.ts';
import { watchPromise } from './promise.ts';
import type { Watch } from './watch.ts';

/** The methods of a ReadableStream that consume it. */
type Consumer = 'getReader' | 'cancel' | 'pipeTo' | 'pipeThrough' | 'tee' | 'values' | typeof Symbol.asyncIterator;
export type WebStream = Readonly<Record<Consumer, Method>> & { readonly locked?: boolean };

/**
 * Ends the watch when a ReadableStream is closed, cancelled or fails, in any way of consuming it. A reader of our own
 * would lock it, so its methods are overridden until the returned function is called.
 */
export function watchWebStream(stream: WebStream, watch: Watch): (() => void) | undefined {
  const undo: ((() => void) | undefined)[] = [];
  if (stream.locked !== true) listen(stream, watch, undo);
  return restoreAll(undo);
}

function listen(stream: WebStream, watch: Watch, undo: ((() => void) | undefined)[]): void {
  const listenTo = (key: Consumer, make: (original: Method) => Method) => {
    undo.push(override(stream, key, make(stream[key])));
  };
  const iterate = (original: Method): Method =>
    function (...args) {
      const iterator = original.apply(this, args);
      watchGenerator(iterator, () => watch);
      return iterator;
    };
  const settle = (original: Method): Method =>
    function (...args) {
      return watchPromise(original.apply(this, args), watch, () => watch.end());
    };
  listenTo('cancel', settle);
  listenTo('pipeTo', settle);
  listenTo('values', iterate);
  listenTo(Symbol.asyncIterator, iterate);
  listenTo(
    'getReader',
    (original) =>
      function (...args) {
        const reader = original.apply(this, args);
        watchReader(reader, watch);
        return reader;
      },
  );
  // The Streams standard defines it by `pipeTo`, which is overridden.
  listenTo(
    'pipeThrough',
    () =>
      function (transform, options) {
        this.pipeTo(transform.writable, options).catch(() => {});
        return transform.readable;
      },
  );
  listenTo(
    'tee',
    (original) =>
      function () {
        const branches = original.call(this) as WebStream[];
        for (const branch of branches) listen(branch, watch, undo);
        return branches;
      },
  );
}

function watchReader(reader: { closed: Promise<unknown>; releaseLock: Method }, watch: Watch): void {
  const { releaseLock } = reader;
  let isReleased = false;
  override(reader, 'releaseLock', function () {
    isReleased = true;
    return releaseLock.call(this);
  });
  // The standard marks `closed` as handled, so this does not hide a rejection. Releasing the lock rejects it without
  // an end of the stream.
  reader.closed.then(
    () => watch.end(),
    (error) => isReleased || watch.fail(error),
  );
}
