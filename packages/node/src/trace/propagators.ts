import { messageOf } from '@benchlab-otel/core';
import type { TextMapPropagator } from '@opentelemetry/api';
import * as api from '@opentelemetry/api';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';

/** Names that OTEL_PROPAGATORS may have here (OpenTelemetry specification, "General SDK Configuration"). */
export const propagatorNames = ['tracecontext', 'baggage', 'b3', 'b3multi', 'jaeger'] as const;
export type PropagatorName = (typeof propagatorNames)[number];

/** What is used where the variable is unset, by the specification. */
export const defaultPropagators: readonly PropagatorName[] = ['tracecontext', 'baggage'];

// With `try` next to it, bundlers accept that a package is not installed.
const b3 = async () => {
  try {
    return await import('@opentelemetry/propagator-b3');
  } catch (error) {
    throw missing(error);
  }
};
const jaeger = async () => {
  try {
    return await import('@opentelemetry/propagator-jaeger');
  } catch (error) {
    throw missing(error);
  }
};

/** Packages that an application installs for them. */
const optional = {
  b3: {
    from: '@opentelemetry/propagator-b3',
    load: async () => new (await b3()).B3Propagator(),
  },
  b3multi: {
    from: '@opentelemetry/propagator-b3',
    load: async () => {
      const { B3InjectEncoding, B3Propagator } = await b3();
      return new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER });
    },
  },
  jaeger: {
    from: '@opentelemetry/propagator-jaeger',
    load: async () => new (await jaeger()).JaegerPropagator(),
  },
} as const;

/**
 * The propagator of the process. One whose package is not installed is left out, with a warning that names the package.
 *
 * @param warn called with a whole sentence
 */
export async function propagatorOf(
  names: readonly PropagatorName[],
  warn: (message: string) => void,
): Promise<TextMapPropagator> {
  const propagators: TextMapPropagator[] = [];
  for (const name of names) {
    if (name === 'tracecontext') propagators.push(new W3CTraceContextPropagator());
    else if (name === 'baggage') propagators.push(new W3CBaggagePropagator());
    else {
      const { from, load } = optional[name];
      try {
        propagators.push(await load());
      } catch (error) {
        warn(`OTEL_PROPAGATORS names ${name}, which is left out: ${messageOf(error)}. ${installed(from)}`);
      }
    }
  }
  return new CompositePropagator({ propagators });
}

/** There is no propagator of Jaeger for SDK 3, whose API has logs. */
function installed(from: string): string {
  if (from.endsWith('jaeger') && 'logs' in api) return 'SDK 3 has no propagator of that format: remove the name.';
  return `Install ${from} of the version that @opentelemetry/core has.`;
}

function missing(error: unknown): Error {
  return new Error(messageOf(error).split('\n', 1)[0], { cause: error });
}
