import { knownOptions, type OptionNames } from '@benchlab-otel/core';

/** In development, refuses an option that a mark does not have. Bundles for production do not have the check. */
export function knownConfig<T>(by: string, given: unknown, names: OptionNames<T>): void {
  if (process.env.NODE_ENV !== 'production') knownOptions(by, given, names);
}
