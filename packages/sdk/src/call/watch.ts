/** A function or method as this package calls it: with any `this` and arguments. */
export type Body = (this: unknown, ...args: unknown[]) => unknown;

/** What has ended a call whose result has no end: its last subscriber left, no code can use it any more, or a shutdown. */
export type ClosedBy = 'unsubscribed' | 'collected' | 'shutdown';

/**
 * Follows one call of a function from its first step to its end. Its methods throw only what the function itself threw.
 */
export interface Watch {
  /** False when the end of the call is not used. */
  readonly wantsEnd: boolean;
  /** Runs one step of the work in its context: the body, or what a generator does in one pull. */
  step(body: Body, self: unknown, args: readonly unknown[]): unknown;
  /** The work has finished with a result: what the function returned, or what its promise has resolved with. */
  returned(result: unknown): void;
  /** The work has finished without a result of its own: a generator, a stream, an observable. */
  end(): void;
  /** The work has thrown, or its promise was rejected: with anything, `undefined` included. */
  fail(error: unknown): void;
  /** The result has no end that could be waited for; the call counts as a success. */
  close(by: ClosedBy): void;
}

/** Begins to watch a call for `sdk`, a tracer or an instrument, or returns undefined. */
export type Begin<S> = (sdk: S, self: unknown, args: readonly unknown[]) => Watch | undefined;

/** Calls `body`. A plain function, so that a context manager does not have to bind it. */
export function apply(body: Body, self: unknown, args: readonly unknown[]): unknown {
  return Reflect.apply(body, self, args);
}
