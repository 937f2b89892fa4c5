import { once } from 'node:events';
import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { MeterProvider, type MetricProducer } from '@opentelemetry/sdk-metrics';
import { onTestFinished } from 'vitest';
import { metricsPage } from './metricsPage.ts';
import type { MetricsPageOptions } from './pageOptions.ts';

/** A page on a free port, and the provider whose metrics it shows. */
export async function setUp(options: MetricsPageOptions = {}) {
  const page = metricsPage({ port: 0, ...options });
  const provider = new MeterProvider({ readers: [page.reader] });
  onTestFinished(() => provider.shutdown().catch(() => {}));
  onTestFinished(() => page.close());
  return { page, provider, meter: provider.getMeter('app'), url: await page.listen() };
}

/** One request with exactly the given headers: no negotiation of the client is added. */
export async function get(
  url: string,
  { method = 'GET', headers = {}, agent }: { method?: string; headers?: object; agent?: Agent } = {},
) {
  const request = httpRequest(url, { method, headers: { ...headers }, agent: agent ?? false }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}

/** The warnings and errors that are logged while the test runs. */
export function warnings(): string[] {
  const reports: string[] = [];
  const log = (message: string) => void reports.push(message);
  const logger: DiagLogger = { error: log, warn: log, info: () => {}, debug: () => {}, verbose: () => {} };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  onTestFinished(() => diag.disable());
  return reports;
}

export const failing: MetricProducer = { collect: () => Promise.reject(new Error('the device is on fire')) };
