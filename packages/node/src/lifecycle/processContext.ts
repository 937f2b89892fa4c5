import { type Context, defaultTextMapGetter, ROOT_CONTEXT, type TextMapPropagator, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { ParentTrace } from '../config/parentTrace.ts';

/** The context of a process that belongs to the span which started it: where no span is active, that one is. */
class ProcessContextManager extends AsyncLocalStorageContextManager {
  readonly #outermost: Context;

  constructor(outermost: Context) {
    super();
    this.#outermost = outermost;
  }

  override active(): Context {
    const active = super.active();
    return active === ROOT_CONTEXT ? this.#outermost : active;
  }
}

/**
 * The context manager of a process. With a parent, spans that begin where no span is active are its children. A server that
 * extracts the context of each request from its headers still begins a trace for a request without them.
 */
export function contextManager(
  parent: ParentTrace | undefined,
  propagator: TextMapPropagator,
): AsyncLocalStorageContextManager {
  if (parent === undefined) return new AsyncLocalStorageContextManager();
  const outermost = propagator.extract(ROOT_CONTEXT, parent, defaultTextMapGetter);
  // Propagators of other forms do not read it.
  return trace.getSpanContext(outermost) === undefined
    ? new AsyncLocalStorageContextManager()
    : new ProcessContextManager(outermost);
}
