import { isObject } from '../checks/isObject.ts';
import { OptionError } from '../errors/optionError.ts';
import { objectOption } from './objectOption.ts';
import { nearest } from './suggestion.ts';

/** The names of the options of `T`: the keys of an object, so that the compiler finds one that is missing. */
export type OptionNames<T> = Readonly<Record<keyof T & string, unknown>>;

/**
 * Callers without types may misspell an option, which would have no effect then.
 *
 * @param by what takes the options, for the error: `startTelemetry`
 * @param given an object, or undefined
 * @throws OptionError for anything else, and for an option that does not exist: it names the nearest. It does not quote the value, which may be a secret.
 */
export function knownOptions<T>(by: string, given: unknown, names: OptionNames<T>): void {
  const all = `an object with its options: ${Object.keys(names).join(', ')}`;
  objectOption('configuration', given, all, by);
  if (!isObject(given)) return;
  for (const key of Object.keys(given)) {
    if (Object.hasOwn(names, key)) continue;
    const known = Object.keys(names);
    const [near] = nearest(key, known, 1);
    const there = near === undefined ? `the options are ${known.join(', ')}` : `the nearest option is ${near}`;
    const allowed = `left out, because it is not an option: ${there}`;
    throw new OptionError({ option: key, by, value: given[key], allowed, isSecret: true });
  }
}
