import { OptionError } from '@benchlab-otel/core';

/** The error of an option of a decorator or function: `buckets of Timed is … It must be …`. */
export function wrongOption(by: string, option: string, value: unknown, allowed: string): OptionError {
  return new OptionError({ option: `${option} of ${by}`, value, allowed });
}
