import { errorType } from './failure.ts';
import { type Method, override } from './override.ts';
import type { Watch } from './watch.ts';

/** The state of a stream of Node. A side that it does not have is undefined. */
export interface NodeStream {
  emit: Method;
  readonly listenerCount?: Method;
  readonly removeListener: Method;
  readonly off: Method;
  readonly readableEnded?: boolean;
  readonly writableFinished?: boolean;
  readonly closed?: boolean;
}

/**
 * Ends the watch when a stream has been read and written to its end, is closed, or fails. Overrides the stream's own
 * `emit`, because a listener would start the flow of data, or keep an unhandled error from ending the process.
 */
export function watchNodeStream(stream: NodeStream, watch: Watch): (() => void) | undefined {
  const hasSide = stream.readableEnded !== undefined || stream.writableFinished !== undefined;
  if (stream.closed === true || (hasSide && isFinished(stream))) return undefined;
  const { emit } = stream;
  const restore = override(stream, 'emit', function (event, ...args) {
    // When a consumer leaves a loop early, Node destroys the stream with an AbortError, which is not a failure.
    if (event === 'error' && errorType(args[0]) !== 'AbortError') watch.fail(args[0]);
    else if (event === 'error' || event === 'close' || ((event === 'end' || event === 'finish') && isFinished(stream)))
      watch.end();
    return emit.call(this, event, ...args);
  });
  const undo = restore === undefined ? [] : [restore, ...watchReaders(stream, watch)];
  return restore && (() => undo.forEach((each) => void each()));
}

/**
 * Closes the watch when the last reader of a socket has left: a connection may stay open as long as the process. Other
 * streams end when all is read or written.
 */
function watchReaders(stream: NodeStream, watch: Watch): (() => void)[] {
  const { listenerCount } = stream;
  const isSocket = typeof stream.readableEnded === 'boolean' && typeof stream.writableFinished === 'boolean';
  if (!isSocket || listenerCount === undefined) return [];
  const hasReader = () => listenerCount.call(stream, 'data') + listenerCount.call(stream, 'readable') > 0;
  const check = (): void => {
    // A side that has ended has lost its reader by that; the other side may still be written.
    if (!hasReader() && stream.readableEnded === false) watch.close('unsubscribed');
  };
  const remove = (original: Method): Method =>
    function (event, ...args) {
      const result = original.call(this, event, ...args);
      // Later, because some readers leave and come back for each answer.
      if ((event === 'data' || event === 'readable') && !hasReader()) setImmediate(check);
      return result;
    };
  const both = [
    override(stream, 'removeListener', remove(stream.removeListener)),
    override(stream, 'off', remove(stream.off)),
  ];
  return both.filter((undo) => undo !== undefined);
}

function isFinished({ readableEnded, writableFinished }: NodeStream): boolean {
  return readableEnded !== false && writableFinished !== false;
}
