import type { ContextManager } from '@opentelemetry/api';

// Where all copies of the OpenTelemetry API 1.x keep what is registered (global-utils.ts of @opentelemetry/api). The API
// has no public way to the context manager itself, and wrapping `context.with` would miss other copies and bound functions.
const key: unique symbol = Symbol.for('opentelemetry.js.api.1');

/** The context manager that is registered in this process. */
export function contextManager(): ContextManager | undefined {
  const registered = (globalThis as { readonly [key]?: { readonly context?: ContextManager } })[key];
  return registered?.context;
}
