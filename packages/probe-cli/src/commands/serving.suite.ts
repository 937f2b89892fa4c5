import { startTelemetry, type TelemetryOptions } from '@benchlab-otel/node';
import { withSpan } from '@benchlab-otel/sdk';
import { metrics } from '@opentelemetry/api';
import { startProbe } from '../host/testHost.suite.ts';

/** Starts `serve` on a free port. */
export async function serving(...args: readonly string[]) {
  const probe = startProbe(['serve', '--listen', '127.0.0.1:0', ...args]);
  const [, endpoint = ''] = await probe.shown(/OTLP is received at (\S+)/);
  return { probe, endpoint };
}

/** A program that makes a span, a metric and a log line, and ends. */
export async function program(endpoint: string, options: TelemetryOptions = {}) {
  const telemetry = await startTelemetry({
    serviceName: 'shop',
    otlp: { endpoint, ...options.otlp },
    metricsPage: false,
    log: { otlp: true, destination: { write: () => undefined } },
    env: {},
    shutdownTimeoutMs: 2_000,
  });
  withSpan('checkout', () => metrics.getMeter('shop').createCounter('orders', { unit: '{order}' }).add(3));
  telemetry.logger.info({ event: 'checkout.end' }, 'paid');
  return telemetry.shutdown();
}
