import { isObject } from '../checks/isObject.ts';
import { OptionError } from '../errors/optionError.ts';
import { nearest } from './suggestion.ts';

/** The names of the options of `T`: an object, so that the compiler finds one that is missing. */
export type OptionNames<T> = Readonly<Record<keyof T & string, true>>;

/**
 * Callers without types may misspell an option, which would have no effect then.
 *
 * @param by what takes the options, for the error: `startTelemetry`
 * @param given checked where it is an object; what else it may be is for the caller
 * @throws OptionError that names the nearest option. It does not quote the value, which may be a secret.
 */
export function knownOptions<T>(by: string, given: unknown, names: OptionNames<T>): void {
  if (!isObject(given)) return;
  for (const key of Object.keys(given)) {
    if (Object.hasOwn(names, key)) continue;
    const known = Object.keys(names);
    const [near] = nearest(key, known, 1);
    const there = near === undefined ? `the options are ${known.join(', ')}` : `the nearest option is ${near}`;
    const allowed = `left out, because it is not an option: ${there}`;
    throw new OptionError({ option: `${key} of ${by}`, value: given[key], allowed, isSecret: true });
  }
}
