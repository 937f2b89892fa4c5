import { knownOptions, type OptionNames } from '@benchlab-otel/core';

/** In development, refuses an option that a mark does not have. Bundles for production, and browsers without a bundler, do not have the check. */
export function knownConfig<T>(by: string, given: unknown, names: OptionNames<T>): void {
  if (typeof process !== 'undefined' && process.env.NODE_ENV !== 'production') knownOptions(by, given, names);
}
