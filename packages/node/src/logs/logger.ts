import { writeSync } from 'node:fs';
import { type Attributes, context, isSpanContextValid, type Span, trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, type LoggerOptions, pino, stdTimeFunctions } from 'pino';
import { badSetting } from '../config/environment.ts';
import type { LogOptions } from '../config/telemetryOptions.ts';
import { CORRELATION_ID, type Correlation, correlationOf } from '../enrich/correlation.ts';
import type { LineTaps } from './lineTaps.ts';

/** What a logger has besides its options. */
export interface LoggerParts {
  /** Who else gets its lines. */
  readonly taps?: LineTaps;
  /** Fields to append to a line, by what it has. */
  readonly fields?: (line: Readonly<Attributes>) => Attributes;
}

/**
 * A pino logger whose lines inside a span carry its ids, so that a log store can join them to the trace. Time is ISO
 * 8601 in UTC, the level a word. A line that programs look for names what happened under the key `event`.
 *
 * @example logger.info({ event: 'compile.start', backend: 'cuda' }, 'Compiling')
 */
export function telemetryLogger(options: LogOptions = {}, parts: LoggerParts = {}): Logger {
  const { taps, fields } = parts;
  const settings: LoggerOptions = {
    level: options.level ?? 'info',
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    hooks: { logMethod: correlate(new WeakMap()) },
    // What the line itself has wins over it.
    ...(fields && { mixin: (line: object) => ({ ...fields(line as Attributes) }) }), // they are looked at, not trusted
  };
  try {
    const stream = destination(options.destination);
    return pino(settings, taps ? taps.before(stream) : stream);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw badSetting(`log cannot be used: ${reason}.`, 'Check log.level and log.destination.');
  }
}

/** Characters that wait for a file that cannot be written; further lines are dropped. */
const MAX_UNWRITTEN = 4 * 1024 * 1024;

type LogMethod = NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']>;

/** A child that carries the ids of a span, of a run, or of both. */
interface Correlated {
  readonly run: Correlation | undefined;
  readonly logger: Logger;
}

/**
 * Writes through a child that carries the ids, made once for each logger and span, or run where there is no span. It adds
 * half of what a mixin adds.
 */
function correlate(children: WeakMap<Logger, WeakMap<object, Correlated>>): LogMethod {
  return function logMethod(args, method) {
    const active = context.active();
    const span = trace.getSpan(active);
    const run = correlationOf(active);
    const key = span ?? run;
    if (key === undefined) return method.apply(this, args);
    let ofLogger = children.get(this);
    if (ofLogger === undefined) {
      ofLogger = new WeakMap();
      children.set(this, ofLogger);
    }
    let child = ofLogger.get(key);
    if (child?.run !== run || child === undefined) {
      child = { run, logger: withIds(this, span, run) };
      ofLogger.set(key, child);
    }
    method.apply(child.logger, args);
  };
}

/** The names are those of the OpenTelemetry logs data model for formats other than OTLP. */
function withIds(logger: Logger, span: Span | undefined, run: Correlation | undefined): Logger {
  const of = span?.spanContext();
  const ids =
    of && isSpanContextValid(of)
      ? { trace_id: of.traceId, span_id: of.spanId, trace_flags: of.traceFlags.toString(16).padStart(2, '0') }
      : {};
  const id = run && { [CORRELATION_ID]: run.id };
  return Object.keys(ids).length === 0 && id === undefined ? logger : logger.child({ ...ids, ...id });
}

function destination(given: LogOptions['destination']): DestinationStream {
  if (typeof given === 'object') return given;
  const stream = pino.destination({ dest: given ?? 1, sync: true, maxLength: MAX_UNWRITTEN });
  // pino itself goes quiet on a broken pipe. Any other failure to write (a full disk) must not end the application.
  stream.once('error', (cause: Error) => {
    stream.on('error', () => {});
    tellOnStderr(`log lines cannot be written to ${given ?? 'stdout'} and are lost: ${cause.message}`);
  });
  return stream;
}

/** Where there is no log. Not by way of process.stderr, whose errors come later and would end the application. */
function tellOnStderr(what: string): void {
  try {
    writeSync(2, `benchlab-otel: ${what}\n`);
  } catch {
    // Nobody is left to tell.
  }
}
