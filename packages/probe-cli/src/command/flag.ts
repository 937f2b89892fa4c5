import { Option } from 'commander';
import { text } from './valueParsers.ts';

/**
 * One option of a command: how it is written, its help, and the type of its value. `Value` includes undefined where the
 * flag may be left out.
 */
export interface Flag<Value> {
  readonly option: Option;
  /** The value when the flag is not given, where the help must not show it. */
  readonly absent?: Value;
  /** The option of a package below that this flag sets, where that has another name than the flag. */
  readonly sets?: string;
}

/** The flags of a command by the names of their values: `metricsPort` for `--metrics-port`. */
export type Flags = Readonly<Record<string, Flag<unknown>>>;

type ValueOf<F> = F extends Flag<infer Value> ? Value : never;

/** The options object of a command, derived from its flags. */
export type OptionsOf<F extends Flags> = {
  readonly [K in keyof F as undefined extends ValueOf<F[K]> ? never : K]: ValueOf<F[K]>;
} & {
  readonly [K in keyof F as undefined extends ValueOf<F[K]> ? K : never]?: Exclude<ValueOf<F[K]>, undefined>;
};

export interface FlagDetails {
  readonly sets?: string;
  /** Names of the values of flags that exclude this one. */
  readonly conflicts?: readonly string[];
}

/** `--json`, `--simulate`: given or not. */
export function switchFlag(text: string, summary: string, details: FlagDetails = {}): Flag<boolean | undefined> {
  return made(new Option(text, summary), details);
}

/** `--no-host`: true unless the flag is given. */
export function offSwitch(text: string, summary: string): Flag<boolean> {
  return made(new Option(text, summary), {});
}

/** `--out <file>`: any text that is not empty. */
export function textFlag(flags: string, summary: string, details: FlagDetails = {}): Flag<string | undefined> {
  return made(new Option(flags, summary).argParser(text), details);
}

/** `--out <file>` that must be given. */
export function requiredText(flags: string, summary: string, details: FlagDetails = {}): Flag<string> {
  return made(new Option(flags, summary).argParser(text).makeOptionMandatory(), details);
}

/** `--agent [socket]`: given, given with a text, or not given. */
export function optionalText(
  flags: string,
  summary: string,
  details: FlagDetails = {},
): Flag<string | true | undefined> {
  return made(new Option(flags, summary).argParser(text), details);
}

/** `--product <name>`: one word of a closed set. */
export function wordFlag<const Word extends string>(
  text: string,
  summary: string,
  words: readonly Word[],
  details: FlagDetails = {},
): Flag<Word | undefined> {
  return made(new Option(text, summary).choices(words), details);
}

/** `--github [when]`: one word of a closed set; the first of them when the flag stands alone. */
export function optionalWord<const Word extends string>(
  text: string,
  summary: string,
  words: readonly [Word, ...Word[]],
  details: FlagDetails = {},
): Flag<Word | undefined> {
  return made(new Option(text, summary).choices(words).preset(words[0]), details);
}

/** `--for <duration>`: a text that `parse` makes a value of, or refuses with an InvalidArgumentError. */
export function valueFlag<Value>(
  text: string,
  summary: string,
  parse: (text: string) => Value,
  details: FlagDetails = {},
): Flag<Value | undefined> {
  return made(new Option(text, summary).argParser(parse), details);
}

/** The same with a default, which the help shows. */
export function defaultFlag<Value>(
  text: string,
  summary: string,
  parse: (text: string) => Value,
  initial: Value,
  details: FlagDetails = {},
): Flag<Value> {
  return made(new Option(text, summary).argParser(parse).default(initial), details);
}

/** A flag that may be repeated. Its value is the list of all, empty when there is none. */
export function repeatedFlag<Value>(
  text: string,
  summary: string,
  parse: (text: string) => Value,
  details: FlagDetails = {},
): Flag<readonly Value[]> {
  const collect = (one: string, before: readonly Value[] = []) => [...before, parse(one)];
  // An empty list as commander's own default would stand in the help as `(default: [])`.
  return { ...made<readonly Value[]>(new Option(text, summary).argParser(collect), details), absent: [] };
}

function made<Value>(option: Option, { sets, conflicts = [] }: FlagDetails): Flag<Value> {
  return { option: option.conflicts([...conflicts]), ...(sets === undefined ? {} : { sets }) };
}
