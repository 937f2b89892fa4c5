import { type Enricher, OptionError, textOption } from '@benchlab-otel/core';
import { type Attributes, type Baggage, type Context, context, propagation } from '@opentelemetry/api';
import type { vocabulary } from '../registry/vocabulary.ts';

/** The model and the data that work uses. */
export interface ModelInUse {
  /** The model by the name that its provider has for it: `gen_ai.request.model`. */
  readonly model?: string;
  /** Of the model: a release, a digest. */
  readonly version?: string;
  readonly dataset?: { readonly name?: string; readonly version?: string };
}

/** The names of attributes are those of the entries of baggage, too. */
const keys = [
  'gen_ai.request.model',
  'model.version',
  'dataset.name',
  'dataset.version',
] as const satisfies (keyof typeof vocabulary)[];
type Key = (typeof keys)[number];

/** All baggage of a request has room for 8,192 characters (W3C Baggage, limits). */
const maxLength = 256;

/**
 * Runs `work` with a model and its data: where `modelInUse()` is among the enrichers, spans, log lines and events within carry
 * their names and versions. They are baggage, so they reach the processes that are called too, and the spans there. What is
 * left out stays as it was outside. Returns and throws what `work` does.
 *
 * @throws OptionError for a name or version that is not a text of 1 to 256 characters
 * @example await withModel({ model: 'llama-3-8b', version: 'sha256:…', dataset: { name: 'mmlu', version: '1.2' } }, plan);
 */
export function withModel<T>(model: ModelInUse, work: () => T): T {
  const active = context.active();
  let baggage: Baggage = propagation.getBaggage(active) ?? propagation.createBaggage();
  for (const [key, value] of entriesOf(model)) baggage = baggage.setEntry(key, { value });
  return context.with(propagation.setBaggage(active, baggage), work);
}

/**
 * Puts what `withModel` states on spans, log lines and events; also what a caller in another process has stated. Metrics have
 * none of it: each version would be a series of its own.
 *
 * @example const telemetry = await startTelemetry({ enrichers: [modelInUse()] });
 */
export function modelInUse(): Enricher {
  return {
    name: 'model',
    signals: ['log', 'event'],
    spanStarted(span, parent) {
      span.setAttributes(attributesIn(parent));
    },
    fields: () => attributesIn(context.active()),
  };
}

function entriesOf(given: ModelInUse): readonly (readonly [Key, string])[] {
  const { model, version, dataset } = Object(given) as ModelInUse; // callers without types may give anything
  if (dataset !== undefined && (typeof dataset !== 'object' || dataset === null)) {
    throw new OptionError({ option: 'dataset', value: dataset, allowed: 'an object with a name, a version or both' });
  }
  const named = [
    ['gen_ai.request.model', 'model', model],
    ['model.version', 'version', version],
    ['dataset.name', 'dataset.name', dataset?.name],
    ['dataset.version', 'dataset.version', dataset?.version],
  ] as const;
  return named.flatMap(([key, option, value]) => (value === undefined ? [] : [[key, checked(option, value)] as const]));
}

function checked(option: string, value: unknown): string {
  const text = textOption(option, value);
  if (text.length <= maxLength) return text;
  throw new OptionError({ option, value, allowed: `a text of at most ${maxLength} characters` });
}

/** Another process may have sent anything. */
function attributesIn(of: Context): Attributes {
  const baggage = propagation.getBaggage(of);
  if (baggage === undefined) return {};
  const attributes: Attributes = {};
  for (const key of keys) {
    const value = baggage.getEntry(key)?.value;
    if (value !== undefined && value !== '') attributes[key] = value.slice(0, maxLength);
  }
  return attributes;
}
