import { alreadyStarted } from '@benchlab-otel/core';
import { context, type MeterProvider, metrics, ProxyTracerProvider, propagation, trace } from '@opentelemetry/api';
import type { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

const what = 'OpenTelemetry in this process (by startTelemetry() or another SDK)';

/** Throws when this process has a tracer provider: the API has room for one, and ignores a second without an error. */
export function assertUnstarted(): void {
  const current = trace.getTracerProvider();
  const noDelegate = new ProxyTracerProvider().getDelegate();
  if (!(current instanceof ProxyTracerProvider) || current.getDelegate() !== noDelegate) throw alreadyStarted(what);
}

/** Registers `provider` for the process, with async context and W3C propagation. The returned function undoes it. */
export function registerTracing(provider: NodeTracerProvider): () => void {
  provider.register();
  return () => {
    trace.disable();
    context.disable();
    propagation.disable();
  };
}

/** Registers `provider` for the process. The returned function undoes it. */
export function registerMetrics(provider: MeterProvider): () => void {
  if (!metrics.setGlobalMeterProvider(provider)) throw alreadyStarted(what);
  return () => metrics.disable();
}
