import { OptionError } from '../errors/optionError.ts';

/** The value of an option that is one of a closed set. @throws OptionError that lists the set. */
export function wordOption<T extends string>(option: string, value: unknown, words: readonly T[]): T {
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  throw new OptionError({ option, value, allowed: `one of ${words.join(', ')}` });
}

/** The value of an option that is a text with at least one character. @throws OptionError when it is not. */
export function textOption(option: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw new OptionError({ option, value, allowed: 'a text that is not empty' });
}
