import * as api from '@opentelemetry/api';
import { afterEach, expect, test } from 'vitest';
import { currentLogger, type LogRecord } from './logger.ts';

const apiLogsKey = Symbol.for('io.opentelemetry.js.api.logs');

/** As the logs API of the SDK line that is installed does it: the API itself from 1.10 on, else api-logs. */
function register(provider: object): void {
  const own = Reflect.get(api, 'logs');
  if (own === undefined)
    Reflect.set(globalThis, apiLogsKey, (version: number) => (version === 1 ? provider : undefined));
  else own.setGlobalLoggerProvider(provider);
}

afterEach(() => {
  Reflect.get(api, 'logs')?.disable();
  Reflect.deleteProperty(globalThis, apiLogsKey);
});

test('a record goes to the logger of the registered SDK, under the scope of this package', () => {
  const records: [string, string | undefined, LogRecord][] = [];
  register({
    getLogger: (name: string, version?: string) => ({
      emit: (record: LogRecord) => records.push([name, version, record]),
    }),
  });
  currentLogger()?.emit({ body: 'open' });
  currentLogger('shop', '1.0.0')?.emit({ body: 'closed' });
  expect(records).toEqual([
    ['@benchlab-otel/sdk', expect.any(String), { body: 'open' }],
    ['shop', '1.0.0', { body: 'closed' }],
  ]);
});

test('an SDK that is registered later is found, and one that was removed is not used', () => {
  expect(() => currentLogger()?.emit({ body: 'too early' })).not.toThrow();
  const bodies: unknown[] = [];
  register({ getLogger: () => ({ emit: ({ body }: LogRecord) => bodies.push(body) }) });
  currentLogger()?.emit({ body: 'received' });
  Reflect.get(api, 'logs')?.disable();
  Reflect.deleteProperty(globalThis, apiLogsKey);
  currentLogger()?.emit({ body: 'too late' });
  expect(bodies).toEqual(['received']);
});
