import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { type MetricsPageOptions, metricsPage } from '@benchlab-otel/node';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { onTestFinished } from 'vitest';

export async function listening(options: MetricsPageOptions = {}): Promise<number> {
  const page = metricsPage({ port: 0, ...options });
  onTestFinished(() => page.close());
  new MeterProvider({ readers: [page.reader] }).getMeter('app').createCounter('orders').add(1);
  return Number(new URL(await page.listen()).port);
}

export async function answer(port: number, headers: Readonly<Record<string, string>> = {}, path = '/metrics') {
  const request = get({ host: '127.0.0.1', port, path, headers, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode, text: (await response.setEncoding('utf8').toArray()).join('') };
}

/** The warnings from now on. */
export function reported(): readonly string[] {
  const lines: string[] = [];
  const ignore = () => {};
  const logger = {
    warn: (line: string) => lines.push(line),
    error: ignore,
    info: ignore,
    debug: ignore,
    verbose: ignore,
  };
  onTestFinished(() => diag.disable());
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  return lines;
}
