import type { Attributes, AttributeValue } from '@opentelemetry/api';
import type { ValueTest, ValueType } from './expectations.ts';
import { nearestText, ofThem, type Problem } from './problem.ts';

/** Characters of a text that a pattern is held against: expressions can take a time that grows with a power of it. */
const maxMatched = 4_096;
/** Characters of a value that a message shows. */
const maxShown = 60;
/** Texts under these names stay out of messages, which end in the logs of CI. */
const secretName = /pass(?:word|wd|phrase)|secret|token|credential|authorization|cookie|api[-_.]?key|private[-_.]?key/i;

/** What is wrong with the attribute, or the field, `name` of those that should have it. */
export function valueProblems(
  noun: 'attribute' | 'field',
  [name, test]: readonly [name: string, test: ValueTest],
  holders: readonly Attributes[],
): readonly Problem[] {
  const there = holders.flatMap((holder) => {
    const value = Object.hasOwn(holder, name) ? holder[name] : undefined;
    return value === undefined ? [] : [value];
  });
  const missing = holders.filter((holder) => !Object.hasOwn(holder, name) || holder[name] === undefined);
  const on = (some: number) => ofThem(some, holders.length);
  const problems: Problem[] = [];
  if (missing.length > 0) {
    const near = nearestText(name, missing.flatMap(Object.keys));
    problems.push({ text: `the ${noun} ${name} is missing on ${on(missing.length)}${near}` });
  }
  const { type, pattern, oneOf } = test;
  const wrongType = type === undefined ? [] : there.filter((value) => !isOfType(value, type));
  if (wrongType.length > 0) {
    const found = `${withArticle(valueType(wrongType[0]))} (${valueText(name, wrongType[0])})`;
    problems.push({
      text: `the ${noun} ${name} is ${found} on ${on(wrongType.length)}, not ${withArticle(type ?? '')}`,
    });
  }
  const unmatched = pattern === undefined ? [] : there.filter((value) => !matches(value, pattern));
  if (unmatched.length > 0) {
    const found = valueText(name, unmatched[0]);
    problems.push({
      text: `the ${noun} ${name} is ${found} on ${on(unmatched.length)}, and does not match ${pattern}`,
    });
  }
  const others = oneOf === undefined ? [] : there.filter((value) => !oneOf.some((allowed) => allowed === value));
  if (oneOf !== undefined && others.length > 0) {
    const found = valueText(name, others[0]);
    const near = typeof others[0] === 'string' ? nearestText(others[0], oneOf.map(String)) : '';
    const hint = near.startsWith('; nearest') ? near : '';
    const allowed = oneOf.map((value) => JSON.stringify(value)).join(', ');
    problems.push({ text: `the ${noun} ${name} is ${found} on ${on(others.length)}, not one of ${allowed}${hint}` });
  }
  return problems;
}

/** `string`, `oneOf "a", "b"`: what a test asks for. */
export function valueTestText({ type, pattern, oneOf }: ValueTest): string {
  return [
    ...(type === undefined ? [] : [type]),
    ...(pattern === undefined ? [] : [`matching ${pattern}`]),
    ...(oneOf === undefined ? [] : [`one of ${oneOf.map((value) => JSON.stringify(value)).join(', ')}`]),
  ].join(' ');
}

/** The narrowest type that a value has. */
export function valueType(value: AttributeValue | undefined): ValueType {
  if (Array.isArray(value)) {
    const types = new Set(value.map((item) => scalarType(item ?? '')));
    if (types.size === 1) return `${[...types][0] ?? 'string'}[]`;
    return types.has('string') || types.size === 0 ? 'string[]' : types.has('boolean') ? 'boolean[]' : 'number[]';
  }
  return scalarType(value as string | number | boolean); // what is not a list
}

function scalarType(value: string | number | boolean): 'string' | 'int' | 'number' | 'boolean' {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'number';
  return typeof value === 'boolean' ? 'boolean' : 'string';
}

function isOfType(value: AttributeValue, type: ValueType): boolean {
  if (Array.isArray(value) && value.length === 0) return type.endsWith('[]');
  const found = valueType(value);
  return found === type || (type === 'number' && found === 'int') || (type === 'number[]' && found === 'int[]');
}

function matches(value: AttributeValue, pattern: string): boolean {
  return typeof value === 'string' && value.length <= maxMatched && new RegExp(pattern, 'u').test(value);
}

function valueText(name: string, value: AttributeValue | undefined): string {
  const isText = typeof value === 'string' || Array.isArray(value);
  if (isText && secretName.test(name)) return 'a text that is not shown';
  const text = JSON.stringify(value) ?? '';
  if (typeof value === 'string' && value.length > maxMatched) return `a text of ${value.length} characters`;
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
}

function withArticle(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}
