import { knownOptions, type OptionNames } from '@benchlab-otel/core';

/** In development, refuses an option that a mark does not have. Bundles for production, and browsers without a bundler, do not have the check. */
export function knownConfig<T>(by: string, given: unknown, names: OptionNames<T>): void {
  // A name, or the class of a @Traced, has no options.
  if (typeof process !== 'undefined' && process.env.NODE_ENV !== 'production' && given && typeof given === 'object') {
    knownOptions(by, given, names);
  }
}
