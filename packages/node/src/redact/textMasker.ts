import { secretText } from '@benchlab-otel/core';
import type { RedactRule, RedactValue } from './redactRule.ts';

type Mask = Extract<RedactRule, { mask: unknown }>;
type Replace = Extract<RedactRule, { replace: unknown }>;

/** What takes the place of a text, or of a part of it. */
export const masked = '[masked]';

/** Characters of a text that are looked at; what follows is cut off. A receiver of OTLP takes 4 MiB in all. */
const maxLength = 1_048_576;
const cut = '[cut]';

/** Masks and replaces values by a list of rules. */
export class TextMasker {
  /** The result depends on the value alone, and booleans stay as they are: there are only patterns. */
  readonly isPure: boolean;
  readonly #steps: readonly Step[];

  constructor(rules: readonly (Mask | Replace)[]) {
    this.#steps = stepsOf(rules);
    this.isPure = rules.every((rule) => 'mask' in rule);
  }

  /** Undefined drops the value. Throws what a function of a rule throws. */
  value(value: RedactValue, name: string): RedactValue | undefined {
    let result = typeof value === 'string' && value.length > maxLength ? value.slice(0, maxLength) + cut : value;
    for (const step of this.#steps) {
      if (typeof step === 'function') {
        const next = step(result, name);
        if (next === undefined) return undefined;
        result = next;
      } else if (typeof result !== 'boolean') {
        const text = String(result);
        const next = step.apply(text);
        // A number without a match stays a number.
        if (next !== text) result = next;
      }
    }
    return result;
  }
}

type Step = Patterns | ((value: RedactValue, name: string) => RedactValue | undefined);

/** Masks between two functions are one step. */
function stepsOf(rules: readonly (Mask | Replace)[]): readonly Step[] {
  const steps: Step[] = [];
  let patterns: (RegExp | 'secrets')[] = [];
  const close = (): void => {
    if (patterns.length > 0) steps.push(new Patterns(patterns));
    patterns = [];
  };
  for (const rule of rules) {
    if ('mask' in rule) patterns.push(...(Array.isArray(rule.mask) ? rule.mask : [rule.mask as RegExp | 'secrets']));
    else {
      close();
      steps.push(checked(rule.replace));
    }
  }
  close();
  return steps;
}

/** Functions come from untyped callers too. */
function checked(replace: Replace['replace']): Step {
  return (value, name) => {
    const result: unknown = replace(value, name);
    if (result === undefined || typeof result === 'string' || typeof result === 'boolean') return result;
    if (typeof result === 'number') return result;
    throw new TypeError(`it returned ${typeof result}, not a text, a number or a truth value`);
  };
}

/** Patterns whose matches are masked. */
class Patterns {
  readonly #patterns: readonly RegExp[];
  readonly #hasSecrets: boolean;
  /** Matches wherever one of the patterns does: most texts have no match, and are searched once. */
  readonly #any: RegExp | undefined;

  constructor(patterns: readonly (RegExp | 'secrets')[]) {
    const given = patterns.filter((each) => each !== 'secrets');
    this.#patterns = given.map((each) => new RegExp(each.source, `${plainFlags(each)}g`));
    this.#hasSecrets = given.length < patterns.length;
    this.#any = alternatives(given);
  }

  apply(text: string): string {
    if (this.#hasSecrets && secretText.test(text)) return masked;
    if (this.#any !== undefined && !this.#any.test(text)) return text;
    let result = text;
    for (const pattern of this.#patterns) result = result.replace(pattern, masked);
    return result;
  }
}

/** Without those that give a pattern a memory of its last match. */
function plainFlags({ flags }: RegExp): string {
  return flags.replace(/[gy]/g, '');
}

/** Undefined where the patterns cannot be one: their flags differ, or one refers to its groups by number or name. */
function alternatives(patterns: readonly RegExp[]): RegExp | undefined {
  const [first] = patterns;
  if (first === undefined || patterns.length === 1) return undefined;
  const isAlike = patterns.every(
    (each) => plainFlags(each) === plainFlags(first) && !/\\[1-9k]|\(\?</.test(each.source),
  );
  return isAlike ? new RegExp(patterns.map(({ source }) => `(?:${source})`).join('|'), plainFlags(first)) : undefined;
}
