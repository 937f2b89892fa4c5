import type { ContextManager } from '@opentelemetry/api';

// Where all copies of the OpenTelemetry API 1.x keep what is registered (global-utils.ts of @opentelemetry/api). The API
// has no public way to the context manager itself, and wrapping `context.with` would miss other copies and bound functions.
const key: unique symbol = Symbol.for('opentelemetry.js.api.1') as never;

/** The context manager that is registered in this process. */
export function contextManager(): ContextManager | undefined {
  const registered: unknown = Reflect.get(globalThis, key);
  if (typeof registered !== 'object' || registered === null || !('context' in registered)) return undefined;
  return registered.context as ContextManager; // what setGlobalContextManager() took
}
