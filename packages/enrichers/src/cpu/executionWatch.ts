import { createHook } from 'node:async_hooks';
import { promiseHooks } from 'node:v8';

/**
 * Calls `before` and `after` around each piece of asynchronous work of this thread: callbacks of timers, I/O and
 * `nextTick`, continuations of `await` and reactions of promises. Neither may throw: Node ends the process then. The
 * returned function ends it.
 */
export function watchExecution(before: () => void, after: () => void): () => void {
  if (!promisesCanBeLeftOut()) {
    const hook = createHook({ before, after }).enable();
    return () => hook.disable();
  }
  // The promise hooks of V8 cost half of what those of async_hooks do where nothing else tracks promises: Node 24.
  const hook = createHook(withoutPromises({ before, after })).enable();
  const stopPromises: unknown = promiseHooks.createHook({ before, after });
  return () => {
    hook.disable();
    if (typeof stopPromises === 'function') stopPromises();
  };
}

/** Whether this Node knows `trackPromises`, as 24.21 does: 20 and 22 ignore it, and would call everything twice. */
function promisesCanBeLeftOut(): boolean {
  let isTracked = false;
  const init = (): void => {
    isTracked = true;
  };
  const hook = createHook(withoutPromises({ init })).enable();
  // An `init` hook runs within the statement that makes a promise.
  void Promise.resolve();
  hook.disable();
  return !isTracked;
}

/** The types are of Node 20. */
function withoutPromises<T extends object>(callbacks: T): T & { trackPromises: false } {
  return { ...callbacks, trackPromises: false };
}
