import type { SpanWeights } from '@benchlab-otel/analysis';
import { textOption } from '@benchlab-otel/core';

/**
 * Weights by which spans that overlap divide energy: a number among the attributes of each, such as the tokens that it
 * produced. It counts for the span itself, so parts that repeat it count twice. A span that ends without the attribute
 * did none of that work; where a value is not a count, or all are 0, shares are equal and marked so. The attribute is
 * known at the end, so an interval waits for the spans alive in it, 4 s at most.
 *
 * @throws OptionError when the name is empty
 * @example spanEnergy(history, { weights: { gpu: attributeWeights('gen_ai.usage.output_tokens') } });
 */
export function attributeWeights(name: string): SpanWeights {
  textOption('name', name);
  return {
    name: `attribute:${name}`,
    isKnownAtEnd: true,
    selfOf({ attributes, endNs }) {
      if (endNs === Number.POSITIVE_INFINITY || attributes === undefined) return undefined;
      const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
      if (value === undefined) return 0;
      return typeof value === 'number' ? value : undefined;
    },
  };
}
