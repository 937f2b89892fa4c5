import { wordOption } from '@benchlab-otel/core';
import type { Attributes, Context } from '@opentelemetry/api';
import { asEvent, type RecordException, setRecordException } from '../call/recordFailure.ts';
import { currentLogger } from './logger.ts';

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
 * Sets for the whole process where exceptions are recorded. OpenTelemetry moves them from span events to logs; without
 * an SDK for logs, `log` records events.
 *
 * @throws OptionError when `as` is not one of these signals.
 * @example recordExceptions('log');
 */
export function recordExceptions(as: ExceptionSignal): void {
  setRecordException(recorders[wordOption('as of recordExceptions()', as, signals)]);
}

const signals = Object.keys(recorders) as ExceptionSignal[];

// Semantic conventions for exceptions in logs; the severity number of ERROR in the logs data model.
const severity = { severityNumber: 17, severityText: 'ERROR', eventName: 'exception' } as const;

/** Emits an exception as a log record of the span that is active in `context`; false when no SDK collects logs. */
function log(attributes: Attributes, context: Context): boolean {
  const logger = currentLogger();
  if (logger === undefined || logger.enabled?.({ ...severity, context }) === false) return false;
  const message = attributes['exception.message'];
  logger.emit({ ...severity, ...(typeof message === 'string' && { body: message }), attributes, context });
  return true;
}
