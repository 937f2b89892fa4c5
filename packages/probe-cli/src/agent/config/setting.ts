import { z } from 'zod';

/** One key of the configuration: its form, where else it may be set, and what it is for. */
export interface Setting<Value> {
  /** The form of its value in the file. Each message is the end of "It must be …". */
  readonly schema: z.ZodType<Exclude<Value, undefined>>;
  /** The value in the file that stands for the text of a variable. The schema judges it. */
  readonly fromText: (text: string) => unknown;
  /** A variable with a name of its own. The others are `BENCHLAB_SECTION_KEY`. */
  readonly variable?: string;
  /** Absent where the key has no default. */
  readonly initial?: Value;
  readonly summary: string;
  /** Why it is accepted and does nothing. */
  readonly withoutEffect?: string;
}

interface Details<Value> {
  readonly summary: string;
  readonly variable?: string;
  readonly initial?: Value;
  readonly withoutEffect?: string;
}

/** Characters of a text, and entries of a list. */
const [maxText, maxEntries] = [1_000, 32];

export function textSetting(what: string, details: Details<string>, pattern: RegExp = /^\P{Cc}+$/u): Setting<string> {
  const allowed = `${what}, of 1 to ${maxText} characters`;
  const schema = z.string(allowed).min(1, allowed).max(maxText, allowed).regex(pattern, allowed);
  return { schema, fromText: (text) => text, ...details };
}

export function numberSetting(least: number, most: number, details: Details<number>, isWhole = true): Setting<number> {
  const allowed = `a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`;
  const number = z.number(allowed).min(least, allowed).max(most, allowed);
  return { schema: isWhole ? number.int(allowed) : number, fromText: numberOf, ...details };
}

export function switchSetting(details: Details<boolean>): Setting<boolean> {
  return { schema: z.boolean('true or false'), fromText: switchOf, ...details };
}

export function wordSetting<const Word extends string>(words: readonly Word[], details: Details<Word>): Setting<Word> {
  return { schema: z.enum(words, `one of ${words.join(', ')}`), fromText: (text) => text, ...details };
}

/** A list. As a variable its items are separated by commas. */
export function listSetting<Item>(
  item: z.ZodType<Item>,
  what: string,
  details: Details<readonly Item[]>,
  itemOf: (text: string) => unknown = (text) => text,
): Setting<readonly Item[]> {
  const allowed = `a list of ${what}, 1 to ${maxEntries} of them, each once`;
  const schema = z
    .array(item, allowed)
    .min(1, allowed)
    .max(maxEntries, allowed)
    .refine((items) => new Set(items).size === items.length, allowed);
  return { schema, fromText: (text) => text.split(',').map((each) => itemOf(each.trim())), ...details };
}

/** A text, or a list of them. */
export function textOrListSetting(
  one: string,
  many: string,
  details: Details<string | readonly string[]>,
): Setting<string | readonly string[]> {
  const text = textSetting(one, { summary: '' });
  const list = listSetting(text.schema, many, { summary: '' });
  const schema = z.union(
    [text.schema, list.schema],
    `${one}, or a list of ${many}, 1 to ${maxEntries} of them, each once`,
  );
  const fromText = (given: string) => (given.includes(',') ? list.fromText(given) : given);
  return { schema, fromText, ...details };
}

/** A number where it has the form of one; the schema refuses the rest. */
export function numberOf(text: string): unknown {
  return /^-?[0-9]+(?:\.[0-9]+)?$/.test(text.trim()) ? Number(text) : text;
}

function switchOf(text: string): unknown {
  const word = text.trim().toLowerCase();
  return word === 'true' || word === 'false' ? word === 'true' : text;
}
