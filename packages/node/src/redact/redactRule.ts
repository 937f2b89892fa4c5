import { isObject, OptionError, shown } from '@benchlab-otel/core';

/** Names of attributes, labels, fields and baggage: a text that may end with `*`, or a regular expression. */
export type RedactNames = readonly (string | RegExp)[];

/** A value that an attribute may have, alone or in a list. */
export type RedactValue = string | number | boolean;

/**
 * One rule of the option `redact` of `startTelemetry`. For one value, `drop` and `allow` come before `hash`, and `hash`
 * before the others, which run in their order. Texts without a name of their own have these: `span.name`, `span.status`,
 * `event.name`, `log.body`, `log.line`, `scope.name`, `scope.version`, `metric.name`, `metric.description`.
 */
export type RedactRule =
  /** Attributes of all other names are dropped, also those of the resource. An empty list drops all. */
  | { readonly allow: RedactNames }
  | { readonly drop: RedactNames }
  /** The value becomes 32 hex digits of HMAC-SHA-256 with `key`, at least 16 characters: equal values stay equal. */
  | { readonly hash: RedactNames; readonly key: string }
  /**
   * What matches becomes `[masked]`, in the texts of `names`, or in all. `secrets` masks whole texts that look like
   * credentials, or have the name of one, by the rules for captured arguments.
   */
  | { readonly mask: RegExp | readonly RegExp[] | 'secrets'; readonly names?: RedactNames }
  /** Returns the value that leaves; undefined drops it. One that throws, or returns anything else, drops it too. */
  | {
      readonly replace: (value: RedactValue, name: string) => RedactValue | undefined;
      readonly names?: RedactNames;
    };

const kinds = ['allow', 'drop', 'hash', 'mask', 'replace'] as const;
const options = { allow: [], drop: [], hash: ['key'], mask: ['names'], replace: ['names'] } as const;

const maxRules = 100;
const maxNames = 1_000;
/** Of a key that a person may choose: fewer are guessed. */
const leastKeyLength = 16;

/** @throws OptionError that names the rule. It quotes no key. */
export function checkRedactRules(rules: unknown): asserts rules is readonly RedactRule[] {
  if (!Array.isArray(rules) || rules.length > maxRules) {
    throw new OptionError({ option: 'redact', value: rules, allowed: `a list of at most ${maxRules} rules` });
  }
  for (const [k, rule] of rules.entries()) checkRule(`redact[${k}]`, rule);
}

function checkRule(option: string, rule: unknown): void {
  const own = isObject(rule) ? kinds.filter((kind) => kind in rule) : [];
  const [kind] = own;
  if (!isObject(rule) || kind === undefined || own.length > 1) {
    const allowed = `an object with exactly one of ${kinds.join(', ')}`;
    throw new OptionError({ option, value: rule, allowed });
  }
  const known: readonly string[] = [kind, ...options[kind]];
  const other = Object.keys(rule).find((name) => !known.includes(name));
  if (other !== undefined) {
    const allowed = `left out: a rule with ${kind} has ${known.join(' and ')}`;
    throw new OptionError({ option: `${option}.${other}`, value: rule[other], allowed, isSecret: true });
  }
  if (kind === 'mask') checkPatterns(`${option}.mask`, rule.mask);
  else if (kind === 'replace') checkFunction(`${option}.replace`, rule.replace);
  else checkNames(`${option}.${kind}`, rule[kind]);
  if (rule.names !== undefined) checkNames(`${option}.names`, rule.names);
  if (kind === 'hash') checkKey(`${option}.key`, rule.key);
}

function checkNames(option: string, names: unknown): void {
  const isRight =
    Array.isArray(names) &&
    names.length <= maxNames &&
    names.every((name) => (typeof name === 'string' && name !== '') || name instanceof RegExp);
  if (isRight) return;
  const allowed = `a list of at most ${maxNames} texts that are not empty and regular expressions`;
  throw new OptionError({ option, value: names, allowed });
}

function checkPatterns(option: string, mask: unknown): void {
  if (mask === 'secrets') return;
  const patterns: readonly unknown[] = Array.isArray(mask) ? mask : [mask];
  if (patterns.length === 0 || !patterns.every((each) => each instanceof RegExp)) {
    throw new OptionError({ option, value: mask, allowed: "a regular expression, a list of them, or 'secrets'" });
  }
  for (const pattern of patterns) {
    if (!new RegExp(pattern as RegExp, '').test('')) continue;
    const allowed = `a pattern that does not match the empty text, as ${shown(String(pattern))} does`;
    throw new OptionError({ option, value: mask, allowed });
  }
}

function checkFunction(option: string, value: unknown): void {
  if (typeof value !== 'function') throw new OptionError({ option, value, allowed: 'a function' });
}

function checkKey(option: string, key: unknown): void {
  if (typeof key === 'string' && key.length >= leastKeyLength) return;
  const allowed = `a text of at least ${leastKeyLength} characters`;
  throw new OptionError({ option, value: key, allowed, isSecret: true });
}
