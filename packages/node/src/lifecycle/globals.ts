import { BenchlabError } from '@benchlab-otel/core';
import { context, type MeterProvider, metrics, ProxyTracerProvider, propagation, trace } from '@opentelemetry/api';
import type { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

/** Throws when this process has a tracer provider: the API has room for one, and ignores a second in silence. */
export function assertUnstarted(): void {
  const current = trace.getTracerProvider();
  const noDelegate = new ProxyTracerProvider().getDelegate();
  if (!(current instanceof ProxyTracerProvider) || current.getDelegate() !== noDelegate) throw alreadyStarted();
}

/** Makes `provider` the process's own, with async context and W3C propagation. The returned function undoes it. */
export function registerTracing(provider: NodeTracerProvider): () => void {
  provider.register();
  return () => {
    trace.disable();
    context.disable();
    propagation.disable();
  };
}

/** Makes `provider` the process's own. The returned function undoes it. */
export function registerMetrics(provider: MeterProvider): () => void {
  if (!metrics.setGlobalMeterProvider(provider)) throw alreadyStarted();
  return () => metrics.disable();
}

function alreadyStarted(): BenchlabError {
  return new BenchlabError(
    'ALREADY_STARTED',
    'OpenTelemetry is already started in this process.',
    'Call startTelemetry() once and without another SDK, or await shutdown() of the first before the second.',
  );
}
