import api, { type Attributes, type Context } from '@opentelemetry/api';
import { asEvent, type RecordException, setRecordException } from './call/recordFailure.ts';
import { scope } from './scope.ts';

/** Where exceptions go: events on their span (the default), log records with its ids, both, or nowhere. */
export type ExceptionSignal = 'event' | 'log' | 'both' | 'none';

const recorders: Record<ExceptionSignal, RecordException> = {
  event: asEvent,
  log: (span, exception, active) => log(exception, active) || asEvent(span, exception, active),
  both: (span, exception, active) => {
    log(exception, active);
    asEvent(span, exception, active);
  },
  none: () => {},
};

/**
 * Says for the whole process where exceptions are recorded. OpenTelemetry moves them from span events to logs; where
 * nobody collects logs, `log` makes events.
 *
 * @throws TypeError for what is no such signal.
 * @example recordExceptions('log');
 */
export function recordExceptions(as: ExceptionSignal): void {
  if (!Object.hasOwn(recorders, as)) {
    throw new TypeError(`recordExceptions: '${as}' is none of ${Object.keys(recorders).join(', ')}.`);
  }
  setRecordException(recorders[as]);
}

interface Logger {
  emit(record: object): void;
  enabled?(record: object): boolean;
}
interface LoggerProvider {
  getLogger(name: string, version: string): Logger;
}

// Semantic conventions for exceptions in logs; the severity number of ERROR in the logs data model.
const severity = { severityNumber: 17, severityText: 'ERROR', eventName: 'exception' } as const;

/** Emits an exception as a log record of the span that is active in `context`; false when nobody collects logs. */
function log(attributes: Attributes, context: Context): boolean {
  const logger = currentLoggers()?.getLogger(scope.name, scope.version);
  if (logger === undefined || logger.enabled?.({ ...severity, context }) === false) return false;
  logger.emit({ ...severity, body: attributes['exception.message'], attributes, context });
  return true;
}

/** The API has logs of its own from 1.10 on; before, they are an optional package, found by the global that it registers. */
function currentLoggers(): LoggerProvider | undefined {
  const own = (api as unknown as { logs?: LoggerProvider }).logs;
  const registered: unknown = Reflect.get(globalThis, Symbol.for('io.opentelemetry.js.api.logs'));
  return own ?? (typeof registered === 'function' ? registered(1) : undefined);
}
