import { type EnrichedSignal, type Enricher, knownOptions, OptionError, type OptionNames } from '@benchlab-otel/core';
import { type Attributes, type Context, context, propagation } from '@opentelemetry/api';

export interface BaggageKeysOptions {
  /** Entries of baggage that become attributes of spans, log lines and events, by their own names. */
  readonly keys: readonly string[];
  /** Those of `keys` that become labels of metrics too: each value is a series of its own. Default: none of them. */
  readonly metricKeys?: readonly string[];
}

const optionNames: OptionNames<BaggageKeysOptions> = { keys: true, metricKeys: true };
const maxKeys = 32;

/**
 * Copies chosen entries of the baggage to spans, log lines and events, and those of `metricKeys` to points of metrics. Other
 * entries stay where they are: baggage comes from other processes, and may hold anything.
 *
 * @throws OptionError when a key is not a text, or one of `metricKeys` is not among `keys`
 * @example await startTelemetry({ enrichers: [baggageKeys({ keys: ['tenant'], metricKeys: ['tenant'] })] });
 */
export function baggageKeys(options: BaggageKeysOptions): Enricher {
  knownOptions<BaggageKeysOptions>('baggageKeys', options, optionNames);
  const { keys, metricKeys = [] } = options ?? {}; // a caller without types may give nothing
  checkKeys('keys', keys);
  checkKeys('metricKeys', metricKeys);
  const other = metricKeys.find((key) => !keys.includes(key));
  if (other !== undefined) throw new OptionError({ option: 'metricKeys', value: other, allowed: 'among keys' });
  const signals: EnrichedSignal['kind'][] = metricKeys.length > 0 ? ['log', 'event', 'metric'] : ['log', 'event'];
  return {
    name: 'baggage',
    signals,
    spanStarted(span, parent) {
      span.setAttributes(entriesOf(parent, keys));
    },
    fields: ({ kind }) => entriesOf(context.active(), kind === 'metric' ? metricKeys : keys),
  };
}

function checkKeys(option: string, keys: unknown): void {
  const isRight =
    Array.isArray(keys) && keys.length <= maxKeys && keys.every((key) => typeof key === 'string' && key !== '');
  if (isRight) return;
  throw new OptionError({ option, value: keys, allowed: `a list of at most ${maxKeys} texts that are not empty` });
}

function entriesOf(of: Context, keys: readonly string[]): Attributes {
  const baggage = propagation.getBaggage(of);
  if (baggage === undefined) return {};
  const attributes: Attributes = {};
  for (const key of keys) {
    const value = baggage.getEntry(key)?.value;
    if (value !== undefined) attributes[key] = value;
  }
  return attributes;
}
