import { createNoopMeter, type Meter, metrics, type Tracer, type TracerProvider, trace } from '@opentelemetry/api';

/** The instrumentation scope of everything that this package emits. */
export const scope = { name: '@benchlab-otel/sdk', version: '0.1.0' } as const;

// Looked up at every call, so that decorators work whenever a provider is registered, replaced or removed; remembered
// by the provider's identity, so that the look-up costs a comparison. A memo of a pure look-up, not state.
let tracers: { readonly of: TracerProvider; readonly tracer: Tracer } | undefined;
let meters: { readonly of: object; readonly meter: Meter | undefined } | undefined;

/** The tracer of the registered SDK, or nothing: then no span is worth making. */
export function currentTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  if (tracers?.of === provider) return tracers.tracer;
  const tracer = tracerOf(provider);
  // Nothing is remembered without an SDK: the API's own provider stays the same object when one is registered later.
  if (tracer !== undefined) tracers = { of: provider, tracer };
  return tracer;
}

/**
 * True when an SDK for traces is registered with the copy of the OpenTelemetry API that this package has loaded. False
 * beside a registered one means a second copy, of a version that does not share: whatever is recorded here is lost.
 */
export function seesSdk(): boolean {
  return currentTracer() !== undefined;
}

/** The API puts its ProxyTracerProvider in front of an SDK; alone, that has no delegate. */
function tracerOf(provider: TracerProvider & { getDelegateTracer?: TracerProvider['getTracer'] }): Tracer | undefined {
  if (provider.getDelegateTracer === undefined) return provider.getTracer(scope.name, scope.version);
  return provider.getDelegateTracer(scope.name, scope.version);
}

/** The meter of the registered SDK, or nothing: then nothing is worth measuring. The same object until that changes. */
export function currentMeter(): Meter | undefined {
  const provider = metrics.getMeterProvider();
  if (meters?.of === provider) return meters.meter;
  const meter = provider.getMeter(scope.name, scope.version);
  meters = { of: provider, meter: meter === createNoopMeter() ? undefined : meter };
  return meters.meter;
}
