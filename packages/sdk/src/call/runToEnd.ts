import { type Context, context } from '@opentelemetry/api';
import { run } from './run.ts';
import { apply, type Body, type ClosedBy } from './watch.ts';

/** How a piece of work has ended. */
export interface RunEnd {
  /** What it threw or its promise was rejected with. Absent when it succeeded; it may hold any value. */
  readonly failure?: { readonly thrown: unknown };
  /** What ended it where its result has no end of its own. */
  readonly closedBy?: ClosedBy;
}

/**
 * Runs `work` and calls `ended` once, when all of it has ended: with its promise, its stream, its generator or what else
 * decorators follow. Returns and throws what `work` does. The steps of a generator, and the start of a lazy result, run in
 * the context that is active now.
 */
export function runToEnd<T>(work: () => T, ended: (end: RunEnd) => void): T {
  const active: Context = context.active();
  const watch = {
    wantsEnd: true,
    step: (body: Body, self: unknown, args: readonly unknown[]) =>
      context.with(active, apply, undefined, body, self, args),
    returned: () => ended({}),
    end: () => ended({}),
    fail: (thrown: unknown) => ended({ failure: { thrown } }),
    close: (closedBy: ClosedBy) => ended({ closedBy }),
  };
  return run(watch, work, undefined, []) as T; // run returns the result of work, or a promise of the same
}
