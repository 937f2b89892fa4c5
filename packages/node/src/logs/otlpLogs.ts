import type { Clock } from '@benchlab-otel/core';
import { context } from '@opentelemetry/api';
import { type AnyValueMap, type Logger, logs, SeverityNumber } from '@opentelemetry/api-logs';
import type { Resource } from '@opentelemetry/resources';
import { LoggerProvider, type LogRecordExporter, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { CollectorWatch } from '../export/collectorWatch.ts';
import { exportedLogs } from '../export/exportedSignal.ts';
import type { ExportLimits } from '../export/exportLimits.ts';
import { ExportQueue } from '../export/exportQueue.ts';
import { queueingLogProcessor } from '../export/queueingProcessors.ts';
import type { LogLine } from './lineTaps.ts';

export interface OtlpLogsOptions {
  readonly resource: Resource;
  readonly clock: Clock;
  readonly limits: ExportLimits;
  readonly exporter: { readonly exporter: LogRecordExporter; readonly watch: CollectorWatch };
}

/** The log records of a process. */
export interface OtlpLogs {
  readonly provider: LoggerProvider;
  readonly queue: ExportQueue<ReadableLogRecord>;
  /** Makes a record of a line, in the context that it was written in. */
  readonly tap: (line: LogLine) => void;
}

/** Log lines, and what libraries emit through the logs API, become OTLP log records. */
export function otlpLogs({ resource, clock, limits, exporter }: OtlpLogsOptions): OtlpLogs {
  const queue = new ExportQueue<ReadableLogRecord>(exporter.exporter, {
    ...limits,
    clock,
    signal: exportedLogs,
    watch: exporter.watch,
  });
  const provider = new LoggerProvider({ resource, processors: [queueingLogProcessor(queue)] });
  const logger = provider.getLogger('@benchlab-otel/node');
  return { provider, queue, tap: (line) => emit(logger, line) };
}

/** Makes `provider` the one that the logs API and `recordExceptions('log')` find. The returned function undoes it. */
export function registerLogs(provider: LoggerProvider): () => void {
  logs.setGlobalLoggerProvider(provider);
  return () => logs.disable();
}

/** Severity numbers of pino's levels, as the logs data model maps such names. */
const severities: Readonly<Record<string, SeverityNumber>> = {
  trace: SeverityNumber.TRACE,
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
  fatal: SeverityNumber.FATAL,
};

// Resource, record fields and trace context have these already.
const own: ReadonlySet<string> = new Set([
  'level',
  'time',
  'pid',
  'hostname',
  'msg',
  'err',
  'trace_id',
  'span_id',
  'trace_flags',
]);

function emit(logger: Logger, line: LogLine): void {
  // What the SDK says of an export would otherwise be exported, and so on.
  if (line.component === 'opentelemetry') return;
  const { level, time, msg, err, event } = line;
  const timestamp = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  logger.emit({
    severityText: String(level),
    severityNumber: severities[String(level)] ?? SeverityNumber.UNSPECIFIED,
    ...(typeof msg === 'string' && { body: msg }),
    ...(typeof event === 'string' && { eventName: event }),
    ...(Number.isFinite(timestamp) && { timestamp }),
    attributes: { ...given(line), ...exception(err) },
    context: context.active(),
  });
}

function given(line: LogLine): AnyValueMap {
  const entries = Object.entries(line).filter(([name, value]) => !own.has(name) && value !== null);
  return Object.fromEntries(entries) as AnyValueMap; // what JSON can hold, a log attribute can
}

/** As pino writes an error: type, message, stack. */
function exception(err: unknown): AnyValueMap {
  if (typeof err !== 'object' || err === null) return err === undefined ? {} : { 'exception.message': String(err) };
  const { type, message, stack } = err as Record<string, unknown>;
  return {
    ...(typeof type === 'string' && { 'exception.type': type }),
    ...(typeof message === 'string' && { 'exception.message': message }),
    ...(typeof stack === 'string' && { 'exception.stacktrace': stack }),
  };
}
