import { BenchlabError } from '@benchlab-otel/core';
import {
  context,
  type MeterProvider,
  metrics,
  ProxyTracerProvider,
  propagation,
  type TextMapPropagator,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { ParentTrace } from '../config/parentTrace.ts';
import { contextManager } from './processContext.ts';

const what = 'OpenTelemetry in this process (by startTelemetry() or another SDK)';

/** Throws when this process has a tracer provider: the API has room for one, and ignores a second without an error. */
export function assertUnstarted(): void {
  const current = trace.getTracerProvider();
  const noDelegate = new ProxyTracerProvider().getDelegate();
  if (!(current instanceof ProxyTracerProvider) || current.getDelegate() !== noDelegate) throw secondSdk();
}

/**
 * Of `startTelemetry()` where an SDK runs already: the application stops that one, or gives it the parts that it lacks.
 */
function secondSdk(): BenchlabError {
  const fix =
    'Where it was started by --import @benchlab-otel/node/register, remove that or this call. Otherwise stop it first; or keep an SDK of your own and give it the parts: spanProcessor() in its spanProcessors, metricsPage().reader and ' +
    'sampleProducer() in its metric readers, correlatedLines() in the hooks of pino, openEventStream() for events.';
  return new BenchlabError('ALREADY_STARTED', `${what} is already started.`, fix);
}

/**
 * Registers `provider` for the process, with async context and `propagator`. Spans without another parent are children of
 * `parent`. The returned function undoes it.
 */
export function registerTracing(
  provider: TracerProvider,
  propagator: TextMapPropagator,
  parent?: ParentTrace,
): () => void {
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(contextManager(parent, propagator).enable());
  propagation.setGlobalPropagator(propagator);
  return () => {
    trace.disable();
    context.disable();
    propagation.disable();
  };
}

/**
 * Lets context pass through a process that makes no spans: a request that it sends on stays in the trace. What another SDK
 * registered before stays. The returned function undoes it.
 */
export function registerPropagation(propagator: TextMapPropagator): () => void {
  const hasContext = context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const hasPropagation = propagation.setGlobalPropagator(propagator);
  return () => {
    if (hasContext) context.disable();
    if (hasPropagation) propagation.disable();
  };
}

/** Registers `provider` for the process. The returned function undoes it. */
export function registerMetrics(provider: MeterProvider): () => void {
  if (!metrics.setGlobalMeterProvider(provider)) throw secondSdk();
  return () => metrics.disable();
}
