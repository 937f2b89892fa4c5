import { attributesKey } from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';

/** Source: OpenTelemetry specification, metrics SDK, "Cardinality limits"; the SDK has the same. */
const maxSeries = 2000;
const overflowAttributes: Attributes = { 'otel.metric.overflow': true };

/** The series of one instrument, found by their attributes. Series beyond the limit share one, the overflow. */
export class Cells<C> {
  readonly #create: (attributes: Attributes) => C;
  readonly #byKey = new Map<string, C>();
  #overflow: C | undefined;

  constructor(create: (attributes: Attributes) => C) {
    this.#create = create;
  }

  of(attributes: Attributes): C {
    const key = attributesKey(attributes);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    // One place is reserved for the overflow.
    if (this.#byKey.size >= maxSeries - 1) {
      this.#overflow ??= this.#create(overflowAttributes);
      return this.#overflow;
    }
    const made = this.#create({ ...attributes });
    this.#byKey.set(key, made);
    return made;
  }

  all(): readonly C[] {
    return [...this.#byKey.values(), ...(this.#overflow === undefined ? [] : [this.#overflow])];
  }
}
