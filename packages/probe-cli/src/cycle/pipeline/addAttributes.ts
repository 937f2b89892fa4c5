import type { AttributesOf, SpanDefinition, Vocabulary } from '@benchlab-otel/core';
import type { Attributes, Span } from '@opentelemetry/api';

/** Adds attributes that are known only while the span runs. The compiler accepts those that its definition has as optional. */
export function addAttributes<
  const R extends readonly string[],
  const O extends readonly string[],
  V extends Vocabulary = Vocabulary,
>(span: Span, _definition: SpanDefinition<R, O, V>, attributes: AttributesOf<NoInfer<O>, NoInfer<V>>): void {
  span.setAttributes(attributes as Attributes); // the values of a definition are scalars and lists of them
}
