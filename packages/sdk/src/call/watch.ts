/** A function or method as this package calls it: with whatever `this` and arguments it is given. */
export type Body = (this: unknown, ...args: unknown[]) => unknown;

/**
 * What follows one call of a function from its first step to its end. None of its methods throws anything but what the
 * function itself threw.
 */
export interface Watch {
  /** False when nobody wants to know how the call ends. */
  readonly wantsEnd: boolean;
  /** Runs one step of the work where it belongs: the body, or what a generator does in one pull. */
  step(body: Body, self: unknown, args: readonly unknown[]): unknown;
  /** The work has finished with a result: what the function returned, or what its promise has resolved with. */
  returned(result: unknown): void;
  /** The work has finished without a result of its own: a generator, a stream, an observable. */
  end(): void;
  /** The work has thrown, or its promise was rejected: with anything, `undefined` included. */
  fail(error: unknown): void;
}

/** Starts to watch a call for `sdk`, the tracer or instrument that it is watched for, or returns nothing. */
export type Begin<S> = (sdk: S, self: unknown, args: readonly unknown[]) => Watch | undefined;

/** Applies `body`: as a plain function, so that a context manager need not bind it. */
export function apply(body: Body, self: unknown, args: readonly unknown[]): unknown {
  return Reflect.apply(body, self, args);
}
