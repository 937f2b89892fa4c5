import { context, isSpanContextValid, type Span, trace } from '@opentelemetry/api';
import { type Logger, type LoggerOptions, pino } from 'pino';
import { type Correlation, correlationIdName, correlationOf } from '../enrich/correlation.ts';

type LogMethod = NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']>;

/** A logger that adds the ids of a span, of a run, or of both. */
interface Correlated {
  readonly run: Correlation | undefined;
  /** The bindings that the logger had when this was made: `setBindings` changes them. */
  readonly bindings: string;
  readonly logger: Logger;
}

/**
 * The hook that adds the ids of the active span, or of the run where there is no span, to each line: by the names of the
 * OpenTelemetry logs data model for formats other than OTLP. A key that the line or the logger has itself stays as it is.
 *
 * It writes through an object that inherits from the logger, made once for each logger and span: so all that the
 * application changes on its logger holds for the next line. It costs half as much as a mixin.
 */
export function correlatedLines(): LogMethod {
  const made = new WeakMap<Logger, WeakMap<object, Correlated>>();
  return function logMethod(args, method) {
    const active = context.active();
    const span = trace.getSpan(active);
    const run = correlationOf(active);
    const key = span ?? run;
    if (key === undefined) return method.apply(this, args);
    let ofLogger = made.get(this);
    if (ofLogger === undefined) {
      ofLogger = new WeakMap();
      made.set(this, ofLogger);
    }
    const bindings = bindingsText(this);
    let known = ofLogger.get(key);
    if (known === undefined || known.run !== run || known.bindings !== bindings) {
      known = { run, bindings, logger: withIds(this, idsOf(span, run), namesIn(this, bindings)) };
      ofLogger.set(key, known);
    }
    const fields: unknown = args[0];
    const hasOwn = typeof fields === 'object' && fields !== null && idNames.some((name) => Object.hasOwn(fields, name));
    const names = hasOwn ? [...namesIn(this, bindings), ...Object.keys(fields)] : [];
    method.apply(hasOwn ? withIds(this, idsOf(span, run), names) : known.logger, args);
  };
}

const idNames = ['trace_id', 'span_id', 'trace_flags', correlationIdName] as const;
type Ids = Readonly<Partial<Record<string, string>>>;

function idsOf(span: Span | undefined, run: Correlation | undefined): Ids {
  const of = span?.spanContext();
  return {
    ...(of && isSpanContextValid(of)
      ? { trace_id: of.traceId, span_id: of.spanId, trace_flags: of.traceFlags.toString(16).padStart(2, '0') }
      : {}),
    ...(run && { [correlationIdName]: run.id }),
  };
}

/** Those of the ids' names that are bindings of the logger. */
function namesIn(logger: Logger, bindings: string): readonly string[] {
  // Bindings are parsed only where they may have one.
  if (!idNames.some((name) => bindings.includes(name))) return [];
  const keys = Object.keys(logger.bindings());
  return idNames.filter((name) => keys.includes(name));
}

/** Not `logger.child()`, which would call the `onChild` of the application and copy what may change. */
function withIds(logger: Logger, ids: Ids, taken: readonly string[]): Logger {
  const added = Object.entries(ids).filter(([name]) => !taken.includes(name));
  if (added.length === 0) return logger;
  const correlated: Logger = Object.create(logger);
  const text = added.map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`).join('');
  Object.assign(correlated, { [pino.symbols.chindingsSym]: bindingsText(logger) + text });
  return correlated;
}

/** The bindings of a logger as pino keeps them: `,"key":value` for each. */
function bindingsText(logger: Logger): string {
  return (logger as unknown as Readonly<Record<symbol, string>>)[pino.symbols.chindingsSym] ?? '';
}
