import type { Attributes, Context, TimeInput } from '@opentelemetry/api';
import * as api from '@opentelemetry/api';
import { scope } from './scope.ts';

/** A log record as both lines of OpenTelemetry accept it, as far as this project uses it. */
export interface LogRecord {
  /** Makes the record an event of that name. */
  readonly eventName?: string;
  /** OpenTelemetry's severity number, 1 (trace) to 24 (fatal): 9 is info, 13 warn, 17 error. */
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly body?: string;
  readonly attributes?: Attributes;
  readonly timestamp?: TimeInput;
  /** The context whose span the record belongs to. Default: the active context. */
  readonly context?: Context;
}

/** What emits log records. */
export interface Logger {
  emit(record: LogRecord): void;
  /** False when no SDK takes such a record, so that the caller can skip work that makes it. */
  enabled?(record: Pick<LogRecord, 'eventName' | 'severityNumber' | 'context'>): boolean;
}

interface LoggerProvider {
  getLogger(name: string, version?: string): Logger;
}

/**
 * Where `@opentelemetry/api-logs` keeps the registered provider, and the version that it asks for (its
 * internal/global-utils, unchanged up to 0.223). Read from there and not imported, because only applications on SDK 2
 * have the package, and that line gets no new features.
 */
const apiLogsKey = Symbol.for('io.opentelemetry.js.api.logs');
const apiLogsVersion = 1;

/**
 * The logger of the application's SDK, looked up now: on SDK 3 that of the API itself (1.10), on SDK 2 that of the
 * separate `@opentelemetry/api-logs`. A record that goes to the wrong one is lost without an error. Undefined when no
 * SDK for logs is registered.
 *
 * @example currentLogger()?.emit({ eventName: 'shop.opened', severityNumber: 9 });
 */
export function currentLogger(name: string = scope.name, version: string = scope.version): Logger | undefined {
  return loggerProvider()?.getLogger(name, version);
}

function loggerProvider(): LoggerProvider | undefined {
  // By Reflect, because bundlers warn about a named member that the installed API may not have.
  const own: { getLoggerProvider(): LoggerProvider } | undefined = Reflect.get(api, 'logs');
  if (own !== undefined) return own.getLoggerProvider();
  const getter: ((version: number) => LoggerProvider) | undefined = Reflect.get(globalThis, apiLogsKey);
  return getter?.(apiLogsVersion);
}
