import type { Attributes } from '@opentelemetry/api';

/** Source: OpenTelemetry specification, metrics SDK, "Cardinality limits"; the SDK has the same. */
const maxSeries = 2000;
const overflowAttributes: Attributes = { 'otel.metric.overflow': true };

/** The series of one instrument, found by their attributes; those beyond the limit share the one of the overflow. */
export class Cells<C> {
  readonly #create: (attributes: Attributes) => C;
  readonly #byKey = new Map<string, C>();
  #overflow: C | undefined;

  constructor(create: (attributes: Attributes) => C) {
    this.#create = create;
  }

  of(attributes: Attributes): C {
    const key = keyOf(attributes);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    // One place is the overflow's own.
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

/** Equal for attributes that are equal, in whatever order. */
function keyOf(attributes: Attributes): string {
  const keys = Object.keys(attributes);
  if (keys.length === 0) return '';
  return JSON.stringify(keys.sort().map((key) => [key, attributes[key]]));
}
