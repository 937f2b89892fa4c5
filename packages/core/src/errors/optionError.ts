import { BenchlabError } from './benchlabError.ts';

/** Characters of a wrong value that an error message quotes. */
const maxShown = 100;

/** What is wrong with an option, in parts, so that a command line can name its own flag instead of the option. */
export interface WrongOption {
  /** The option as the caller wrote it: `rateHz`, `ports`, or the name of an environment variable. */
  readonly option: string;
  /** What has the option, for the message: `buckets of Timed is …`. */
  readonly by?: string | undefined;
  readonly value: unknown;
  /** What is allowed, as the end of "must be …": `a number from 1 to 100`. */
  readonly allowed: string;
  /** Leave the value out of the message: it is a secret. */
  readonly isSecret?: boolean;
}

/**
 * The caller's mistake: an option of a factory, a constructor or a decorator, or a setting, has a value that is not
 * allowed. Thrown before anything starts. Its code is always `BAD_OPTION`.
 *
 * @example throw new OptionError({ option: 'rateHz', value: 500, allowed: 'a number from 1 to 100' });
 * // rateHz is 500. It must be a number from 1 to 100.
 */
export class OptionError extends BenchlabError {
  // `declare`: the constructor sets them, and every application bundles this class.
  declare readonly option: string;
  declare readonly value: unknown;
  declare readonly allowed: string;
  declare readonly isSecret: boolean;

  constructor({ option, by, value, allowed, isSecret = false }: WrongOption, cause?: ErrorOptions) {
    const subject = by === undefined ? option : `${option} of ${by}`;
    super('BAD_OPTION', `${subject} is ${isSecret ? 'not allowed' : shown(value)}.`, `It must be ${allowed}.`, cause);
    this.name = 'OptionError';
    this.option = option;
    this.value = isSecret ? undefined : value;
    this.isSecret = isSecret;
    this.allowed = allowed;
  }

  /** The same mistake under the name that the user typed: `--rate` instead of `rateHz`. */
  named(option: string): OptionError {
    return new OptionError({ ...this, option }, { cause: this });
  }
}

/** A value for an error message: text in quotes, functions and objects by their kind, never longer than 100 characters. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, maxShown));
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value && typeof value === 'object') return 'an object';
  return String(value).slice(0, maxShown);
}
