import { isSpanContextValid, type Span, trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, type LoggerOptions, pino, stdTimeFunctions } from 'pino';
import { badSetting } from './environment.ts';
import type { LogOptions } from './telemetryOptions.ts';

/**
 * A pino logger whose lines inside a span carry its ids, so that a log store can join them to the trace. Time is ISO
 * 8601 in UTC, the level a word. A line that programs look for names what happened under the key `event`.
 *
 * @example logger.info({ event: 'compile.start', backend: 'cuda' }, 'Compiling')
 */
export function telemetryLogger(options: LogOptions = {}): Logger {
  const settings: LoggerOptions = {
    level: options.level ?? 'info',
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    hooks: { logMethod: correlate(new WeakMap()) },
  };
  try {
    return pino(settings, destination(options.destination));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw badSetting(`log cannot be used: ${reason}.`, 'Check log.level and log.destination.');
  }
}

/** Characters that wait for a file that cannot be written; further lines are dropped. */
const MAX_UNWRITTEN = 4 * 1024 * 1024;

type LogMethod = NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']>;

/** Writes through a child that carries the ids, made once for each logger and span. It adds half of what a mixin adds. */
function correlate(children: WeakMap<Logger, WeakMap<Span, Logger>>): LogMethod {
  return function logMethod(args, method) {
    const span = trace.getActiveSpan();
    if (span === undefined) return method.apply(this, args);
    let ofLogger = children.get(this);
    if (ofLogger === undefined) {
      ofLogger = new WeakMap();
      children.set(this, ofLogger);
    }
    let child = ofLogger.get(span);
    if (child === undefined) {
      child = withIds(this, span);
      ofLogger.set(span, child);
    }
    method.apply(child, args);
  };
}

/** The names are those of the OpenTelemetry logs data model for formats other than OTLP. */
function withIds(logger: Logger, span: Span): Logger {
  const context = span.spanContext();
  if (!isSpanContextValid(context)) return logger;
  return logger.child({
    trace_id: context.traceId,
    span_id: context.spanId,
    trace_flags: context.traceFlags.toString(16).padStart(2, '0'),
  });
}

function destination(given: LogOptions['destination']): DestinationStream {
  if (typeof given === 'object') return given;
  const stream = pino.destination({ dest: given ?? 1, sync: true, maxLength: MAX_UNWRITTEN });
  // pino itself goes quiet on a broken pipe. Any other failure to write (a full disk) must not end the application.
  stream.on('error', () => {});
  return stream;
}
