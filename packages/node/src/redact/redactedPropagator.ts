import {
  type Baggage,
  type Context,
  propagation,
  type TextMapPropagator,
  type TextMapSetter,
} from '@opentelemetry/api';
import type { Redactor } from './redactor.ts';

/** A propagator that sends baggage on as it may leave the process. What comes in is read unchanged. */
export function redactedPropagator(inner: TextMapPropagator, redactor: Redactor): TextMapPropagator {
  return {
    inject(context: Context, carrier: unknown, setter: TextMapSetter) {
      const baggage = propagation.getBaggage(context);
      const sent = baggage && redactedBaggage(baggage, redactor);
      inner.inject(sent ? propagation.setBaggage(context, sent) : context, carrier, setter);
    },
    extract: (context, carrier, getter) => inner.extract(context, carrier, getter),
    fields: () => inner.fields(),
  };
}

function redactedBaggage(baggage: Baggage, redactor: Redactor): Baggage {
  const entries = baggage.getAllEntries().flatMap(([key, entry]) => {
    const [redacted] = Object.entries(redactor.attributes({ [key]: entry.value }));
    if (redacted === undefined) return [];
    const [name, value] = redacted;
    // The properties of an entry are a text of the application, too: it leaves where no rule changes it.
    const metadata = entry.metadata?.toString();
    const isSent = metadata === undefined || redactor.value(metadata, 'baggage.properties') === metadata;
    const { metadata: _, ...bare } = entry;
    return [[name, { ...(isSent ? entry : bare), value: String(value) }] as const];
  });
  return propagation.createBaggage(Object.fromEntries(entries));
}
