import { errorType } from './failure.ts';
import { type Method, override } from './override.ts';
import type { Watch } from './watch.ts';

/** What a stream of Node tells about itself. A side that it does not have is undefined. */
export interface NodeStream {
  emit: Method;
  readonly readableEnded?: boolean;
  readonly writableFinished?: boolean;
  readonly closed?: boolean;
}

/**
 * Ends the watch when a stream has been read and written to its end, is closed, or fails. Listens in the stream's own
 * `emit`: a listener would make it flow, or keep an error that nobody handles from ending the process.
 */
export function watchNodeStream(stream: NodeStream, watch: Watch): (() => void) | undefined {
  const hasSide = stream.readableEnded !== undefined || stream.writableFinished !== undefined;
  if (stream.closed === true || (hasSide && isFinished(stream))) return undefined;
  const { emit } = stream;
  return override(stream, 'emit', function (event, ...args) {
    // A consumer that breaks off a loop has Node destroy the stream with an AbortError, which is no fault of its source.
    if (event === 'error' && errorType(args[0]) !== 'AbortError') watch.fail(args[0]);
    else if (event === 'error' || event === 'close' || ((event === 'end' || event === 'finish') && isFinished(stream)))
      watch.end();
    return emit.call(this, event, ...args);
  });
}

function isFinished({ readableEnded, writableFinished }: NodeStream): boolean {
  return readableEnded !== false && writableFinished !== false;
}
