import { type Context, createContextKey, type Span, trace } from '@opentelemetry/api';

// The key that `trace.getSpan` reads; the API makes context keys by Symbol.for, so ours is the same.
const spanKey = createContextKey('OpenTelemetry Context Key SPAN');

/**
 * The context in which `span` is active: like that of `trace.setSpan`, without a copy of all other values for each span.
 * It keeps no chain of ancestors: a child of another ActiveSpan has the base of that one, so timers that start each
 * other do not make a growing chain.
 */
export class ActiveSpan implements Context {
  readonly #base: Context;
  readonly #span: Span;

  constructor(parent: Context, span: Span) {
    this.#base = parent instanceof ActiveSpan ? parent.#base : parent;
    this.#span = span;
  }

  getValue(key: symbol): unknown {
    return key === spanKey ? this.#span : this.#base.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return trace.setSpan(this.#base, this.#span).setValue(key, value);
  }

  deleteValue(key: symbol): Context {
    return trace.setSpan(this.#base, this.#span).deleteValue(key);
  }
}
