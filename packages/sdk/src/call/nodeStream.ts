import { errorType } from './failure.ts';
import { type Method, override } from './override.ts';
import type { Watch } from './watch.ts';

/** The state of a stream of Node. A side that it does not have is undefined. */
export interface NodeStream {
  emit: Method;
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
  return override(stream, 'emit', function (event, ...args) {
    // When a consumer leaves a loop early, Node destroys the stream with an AbortError, which is not a failure.
    if (event === 'error' && errorType(args[0]) !== 'AbortError') watch.fail(args[0]);
    else if (event === 'error' || event === 'close' || ((event === 'end' || event === 'finish') && isFinished(stream)))
      watch.end();
    return emit.call(this, event, ...args);
  });
}

function isFinished({ readableEnded, writableFinished }: NodeStream): boolean {
  return readableEnded !== false && writableFinished !== false;
}
