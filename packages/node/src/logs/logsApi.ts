import { messageOf } from '@benchlab-otel/core';
import * as api from '@opentelemetry/api';
import type { LoggerProvider } from '@opentelemetry/sdk-logs';

/** Where libraries find the logger provider of the process. */
export interface LogsApi {
  setGlobalLoggerProvider(provider: LoggerProvider): unknown;
  disable(): void;
}

/**
 * On SDK 3 a part of the API itself (1.10), on SDK 2 the package api-logs. Undefined where it cannot be loaded.
 *
 * @param warn called with a whole sentence where that is so
 */
export async function logsApi(warn: (message: string) => void): Promise<LogsApi | undefined> {
  // By Reflect, because API 1.9 does not have it.
  const own: LogsApi | undefined = Reflect.get(api, 'logs');
  if (own !== undefined) return own;
  try {
    return (await import('@opentelemetry/api-logs')).logs;
  } catch (error) {
    const why = messageOf(error).split('\n', 1)[0];
    warn(
      `Log records that libraries emit are not sent: ${why}. Install @opentelemetry/api-logs of the version that @opentelemetry/sdk-logs has.`,
    );
    return undefined;
  }
}
