import { isObject } from '../checks/isObject.ts';
import { OptionError } from '../errors/optionError.ts';

/**
 * An option that has options or attributes of its own, or nothing.
 *
 * @param allowed what it must be, for the error
 * @param by what has the option, for the message
 * @throws OptionError when it is neither undefined nor an object. It does not quote the value, which may be a secret.
 */
export function objectOption(option: string, value: unknown, allowed: string, by?: string): void {
  if (value !== undefined && !isObject(value)) throw new OptionError({ option, by, value, allowed, isSecret: true });
}
