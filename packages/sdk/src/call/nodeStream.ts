import { errorType } from './failure.ts';
import { type Method, override, restoreAll } from './override.ts';
import type { Watch } from './watch.ts';

/** How long a reader may stay away: `once` leaves with each answer, and comes back for the next one. */
const graceMs = 1_000;

/** The state of a stream of Node. A side that it does not have is undefined. */
export interface NodeStream {
  emit: Method;
  readonly listenerCount?: Method;
  readonly removeListener: Method;
  readonly off: Method;
  readonly removeAllListeners: Method;
  /** False for a socket of the network that is open; other streams do not have it. */
  readonly connecting?: boolean;
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
  return restore && restoreAll([restore, ...watchReaders(stream, watch)]);
}

/**
 * Closes the watch a second after the last reader of a socket has left: a connection may stay open as long as the process. Other
 * streams end when all is read or written.
 */
function watchReaders(stream: NodeStream, watch: Watch): ((() => void) | undefined)[] {
  const { listenerCount } = stream;
  // Only a stream with both sides may be a socket.
  if (stream.readableEnded === undefined || stream.writableFinished === undefined || !listenerCount) return [];
  const hasReader = () => listenerCount.call(stream, 'data') + listenerCount.call(stream, 'readable') > 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const check = (): void => {
    // A side that has ended has lost its reader by that; the other side may still be written.
    if (!hasReader() && stream.readableEnded === false) watch.close('unsubscribed');
  };
  return (['removeListener', 'off', 'removeAllListeners'] as const).map((key) => {
    const remove = stream[key];
    return override(stream, key, function (...args) {
      const hadReader = hasReader();
      const result = remove.apply(this, args);
      if (hadReader && !hasReader()) {
        clearTimeout(timer);
        timer = setTimeout(check, graceMs);
        // Of browsers, a number.
        (timer as Partial<NodeJS.Timeout>).unref?.();
      }
      return result;
    });
  });
}

/** A connection may be shared and stay open as long as the process: the call that returns an open one has done its work. */
export function isOpenConnection({ connecting, readableEnded, writableFinished }: Partial<NodeStream>): boolean {
  return connecting === false && readableEnded === false && writableFinished === false;
}

function isFinished({ readableEnded, writableFinished }: NodeStream): boolean {
  return readableEnded !== false && writableFinished !== false;
}
