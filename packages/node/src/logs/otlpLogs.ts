import { type Clock, isObject } from '@benchlab-otel/core';
import { context } from '@opentelemetry/api';
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

/** Of the logs API, which is a package of its own on SDK 2, and part of the API on SDK 3. */
type Logger = ReturnType<LoggerProvider['getLogger']>;
type LogAttributes = NonNullable<Parameters<Logger['emit']>[0]['attributes']>;

/** The log records of a process. */
export interface OtlpLogs {
  readonly provider: LoggerProvider;
  readonly queue: ExportQueue<ReadableLogRecord>;
  /** Makes a log record of a line, in the context in which it was written. */
  readonly tap: (line: LogLine) => void;
}

/** Makes OTLP log records of log lines, and of records that libraries emit through the logs API. */
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

/** Severity numbers of pino's levels, as the logs data model maps such names (OpenTelemetry, "Log Data Model"). */
const severities: Readonly<Record<string, number>> = { trace: 1, debug: 5, info: 9, warn: 13, error: 17, fatal: 21 };

/** A severity that is not known. Source: as above. */
const unspecified = 0;

// These fields are already in the resource, the fields of the record or the trace context.
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
  // Else a message of the SDK about an export would be exported, and cause the next one.
  if (line.component === 'opentelemetry') return;
  const { level, time, msg, err, event } = line;
  const timestamp = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  logger.emit({
    severityText: String(level),
    severityNumber: severities[String(level)] ?? unspecified,
    ...(typeof msg === 'string' && { body: msg }),
    ...(typeof event === 'string' && { eventName: event }),
    ...(Number.isFinite(timestamp) && { timestamp }),
    attributes: { ...given(line), ...exception(err) },
    context: context.active(),
  });
}

function given(line: LogLine): LogAttributes {
  const entries = Object.entries(line).filter(([name, value]) => !own.has(name) && value !== null);
  return Object.fromEntries(entries) as LogAttributes; // a log attribute can hold all JSON values
}

/** The attributes of an error, which pino writes as type, message and stack. */
function exception(err: unknown): LogAttributes {
  if (!isObject(err)) return err === undefined ? {} : { 'exception.message': String(err) };
  const { type, message, stack } = err;
  return {
    ...(typeof type === 'string' && { 'exception.type': type }),
    ...(typeof message === 'string' && { 'exception.message': message }),
    ...(typeof stack === 'string' && { 'exception.stacktrace': stack }),
  };
}
