import { BenchlabError, didYouMean, type EnergyRole, energyRoles } from '@benchlab-otel/core';
import { unitPattern } from '../operations/workUnit.ts';
import { relativeGrammar } from './relativeGrammar.ts';

/** What a baseline can be compared by. */
export type RelativeFunction = 'p50' | 'p90' | 'p95' | 'p99' | 'max' | 'mean' | 'joules' | 'errors' | 'watts';

export const relativeFunctions: readonly RelativeFunction[] = [
  'p50',
  'p90',
  'p95',
  'p99',
  'max',
  'mean',
  'joules',
  'errors',
  'watts',
];

/** A limit that is another program: `p95(checkout) < 1.05 × baseline`. */
export interface RelativeBudget {
  /** As it was written. */
  readonly text: string;
  readonly function: RelativeFunction;
  /** Span name. Empty for `watts`, which is of the whole run. */
  readonly operation: string;
  /** Which rails, for `joules` and `watts`. */
  readonly role: EnergyRole;
  /** The unit of work that the joules are divided by: `token`. Absent where they are of a call. */
  readonly per?: string;
  /** The number before `baseline`. Absent in `p95(checkout) < baseline`, which is held to the margin. */
  readonly factor?: number;
}

/** The same bound as of other budgets. */
const maxLength = 1_000;
const largestFactor = 100;
/** Which of two texts is which: a comparison, and then the word. An operation may have it as its name. */
const relative = /[<>=]\s*[^<>=()]*baseline\b[^<>=()]*$/i;

/** Whether a budget has a baseline as its limit. */
export function isRelative(text: string): boolean {
  return text.length <= maxLength && relative.test(text);
}

/** Whether it needs a meter. */
export function isOfEnergy({ function: fn }: RelativeBudget): boolean {
  return fn === 'joules' || fn === 'watts';
}

/**
 * Parses one budget that `isRelative`. The factor is written with `×`, `x` or `*`.
 *
 * @throws BenchlabError BAD_OPTION that states what is wrong with the text
 * @example parseRelativeBudget('p95(checkout) < 1.05 x baseline').factor // 1.05
 */
export function parseRelativeBudget(text: string): RelativeBudget {
  const match =
    /^\s*([A-Za-z0-9_]+)\s*\((.*)\)\s*(<=|>=|==|<|>|=)\s*(?:([^\s×*x/]+)\s*[×*x]\s*)?baseline\s*(?:\/\s*([^\s/]*))?\s*$/s.exec(
      text,
    );
  if (match === null) throw wrong(text, `It is not of the form ${relativeGrammar}.`);
  const [, word = '', inner = '', comparison = '', digits, per] = match;
  const fn = relativeFunctions.find((name) => name === word);
  if (fn === undefined) {
    const near = didYouMean(word, relativeFunctions);
    throw wrong(text, `"${word}" is not compared with a baseline: use ${relativeFunctions.join(', ')}.${near}`);
  }
  if (comparison !== '<' && comparison !== '<=') {
    throw wrong(text, `A program is held to stay below its baseline: write < instead of ${comparison}.`);
  }
  if (per !== undefined) checkPer(text, fn, per);
  return {
    text: text.trim(),
    function: fn,
    ...subject(text, fn, inner.trim()),
    ...(per === undefined ? {} : { per }),
    ...(digits === undefined ? {} : { factor: factor(text, digits) }),
  };
}

function subject(text: string, fn: RelativeFunction, inner: string): Pick<RelativeBudget, 'operation' | 'role'> {
  if (fn === 'watts') {
    const role = inner === '' ? 'system' : energyRoles.find((name) => name === inner);
    if (role !== undefined) return { operation: '', role };
    throw wrong(text, `watts is of a whole run: write watts(), watts(cpu) or watts(gpu), not watts(${inner}).`);
  }
  const [, named = inner, word = ''] = fn === 'joules' ? (/^(.*?)\s*,\s*([a-z]+)$/s.exec(inner) ?? []) : [];
  const role = energyRoles.find((name) => name === word);
  const operation = role === undefined ? inner : named;
  if (operation === '') throw wrong(text, `Name the operation in the parentheses: ${fn}(checkout).`);
  return { operation, role: role ?? 'system' };
}

function factor(text: string, digits: string): number {
  const number = /^[0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?$/i.test(digits) ? Number(digits) : Number.NaN;
  if (number > 0 && number <= largestFactor) return number;
  throw wrong(text, `"${digits}" is not a number above 0 and up to ${largestFactor}.`);
}

function checkPer(text: string, fn: RelativeFunction, per: string): void {
  if (fn !== 'joules') throw wrong(text, `${fn} is not for a unit of work; remove "/${per}".`);
  if (unitPattern.test(per)) return;
  throw wrong(text, `"${per}" is not a unit of work: use letters, digits, _ and -, up to 32, as in baseline/token.`);
}

function wrong(text: string, why: string): BenchlabError {
  return new BenchlabError('BAD_OPTION', `Budget "${text.trim()}" cannot be read.`, why);
}
