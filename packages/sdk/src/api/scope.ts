import { createNoopMeter, type Meter, metrics, type Tracer, type TracerProvider, trace } from '@opentelemetry/api';
import { version } from '../version.gen.ts';

/** The instrumentation scope of everything that this package emits: the name and version of the package. */
export const scope: { readonly name: string; readonly version: string } = { name: '@benchlab-otel/sdk', version };

// Looked up at every call, so that decorators work whenever a provider is registered, replaced or removed. Remembered by
// the provider's identity, so that the look-up costs one comparison: a memo of a pure look-up, not state.
let tracers: { readonly of: TracerProvider; readonly tracer: Tracer } | undefined;
let meters: { readonly of: object; readonly meter: Meter | undefined } | undefined;

/** The tracer of the registered SDK, or undefined: then no span is started. */
export function currentTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  if (tracers?.of === provider) return tracers.tracer;
  const tracer = tracerOf(provider);
  // Without an SDK nothing is remembered: the API's own provider stays the same object when an SDK is registered later.
  if (tracer !== undefined) tracers = { of: provider, tracer };
  return tracer;
}

/**
 * True when an SDK for traces is registered with the copy of the OpenTelemetry API that this package has loaded. False
 * after an SDK was registered means that there is a second copy, of a version that does not share the registration: all
 * that is recorded here is lost.
 */
export function seesSdk(): boolean {
  return currentTracer() !== undefined;
}

/** The API puts its ProxyTracerProvider in front of an SDK; without an SDK, it has no delegate. */
function tracerOf(provider: TracerProvider & { getDelegateTracer?: TracerProvider['getTracer'] }): Tracer | undefined {
  if (provider.getDelegateTracer === undefined) return provider.getTracer(scope.name, scope.version);
  return provider.getDelegateTracer(scope.name, scope.version);
}

/** The meter of the registered SDK, or undefined: then nothing is measured. The same object until the SDK changes. */
export function currentMeter(): Meter | undefined {
  const provider = metrics.getMeterProvider();
  if (meters?.of === provider) return meters.meter;
  const meter = provider.getMeter(scope.name, scope.version);
  meters = { of: provider, meter: meter === createNoopMeter() ? undefined : meter };
  return meters.meter;
}
