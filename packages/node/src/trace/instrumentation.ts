import { isObject, messageOf, OptionError } from '@benchlab-otel/core';
import { type MeterProvider, metrics, type TracerProvider, trace } from '@opentelemetry/api';
import type { Logger } from 'pino';

/** What the instrumentations of OpenTelemetry (`@opentelemetry/instrumentation-…`) of both SDK lines have. */
export interface Instrumentation {
  readonly instrumentationName: string;
  setTracerProvider(provider: TracerProvider): void;
  setMeterProvider(provider: MeterProvider): void;
  getConfig(): { readonly enabled?: boolean };
  enable(): void;
  disable(): void;
}

/** Instrumentations, also in lists: `getNodeAutoInstrumentations()` returns a list. */
export type Instrumentations = readonly (Instrumentation | readonly Instrumentation[])[];

/** @throws OptionError for a value that is not an instrumentation */
export function checkedInstrumentations(given: unknown = []): readonly Instrumentation[] {
  const option = 'instrumentations';
  if (!Array.isArray(given)) throw new OptionError({ option, value: given, allowed: 'a list of instrumentations' });
  const all: readonly unknown[] = given.flat();
  const wrong = all.findIndex((each) => !isInstrumentation(each));
  if (wrong < 0) return all as readonly Instrumentation[]; // each was looked at
  throw new OptionError({
    option,
    value: all[wrong],
    allowed: 'instances of instrumentations, as in [new HttpInstrumentation()]',
  });
}

function isInstrumentation(value: unknown): boolean {
  const methods = ['setTracerProvider', 'setMeterProvider', 'getConfig', 'enable', 'disable'];
  return isObject(value) && methods.every((name) => typeof value[name] === 'function');
}

/**
 * Gives the registered providers to `instrumentations` and enables them. One that throws is left out, with a line in the log: the
 * application runs. The returned function disables them.
 */
export function instrument(instrumentations: readonly Instrumentation[], logger: Pick<Logger, 'warn'>): () => void {
  const attempt = (each: Instrumentation, run: () => void): void => {
    try {
      run();
    } catch (error) {
      const name = each.instrumentationName;
      logger.warn(
        { event: 'instrumentation.failed', instrumentation: name },
        `${name} threw and is left out: ${messageOf(error)}. Check that its version is made for the installed SDK.`,
      );
    }
  };
  for (const each of instrumentations) {
    attempt(each, () => {
      each.setTracerProvider(trace.getTracerProvider());
      each.setMeterProvider(metrics.getMeterProvider());
      // They enable themselves when they are made, unless an option forbids it.
      if (each.getConfig().enabled === false) each.enable();
    });
  }
  return () => {
    for (const each of instrumentations) attempt(each, () => each.disable());
  };
}
