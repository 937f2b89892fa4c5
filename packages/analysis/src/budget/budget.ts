import { BenchlabError } from '@benchlab-otel/core';
import { unitPattern } from '../operations/workUnit.ts';
import { significant, toHalfWidth } from '../text/quantity.ts';
import { didYouMean, nearest } from '../text/suggestion.ts';
import { type BudgetFunction, budgetFunctions, budgetGrammar, functionNames } from './functions.ts';

/** A limit on a summary of one operation: `p95(checkout) < 250 ms`. */
export interface Budget {
  /** As it was written. */
  readonly text: string;
  readonly function: BudgetFunction;
  /** Span name. */
  readonly operation: string;
  readonly comparison: '<' | '<=' | '>' | '>=';
  /** In seconds, joules or calls. */
  readonly limit: number;
  /** The unit as it was written, in which the budget is reported: `ms`, `J`, `J/token`. Empty for `count`. */
  readonly unit: string;
  /** The unit of work that the limit is for: `token` of `J/token`. Absent where it is for a call. */
  readonly per?: string;
}

/** Four times the longest name of a span that is kept. The time that the pattern takes grows with the square of it. */
const maxLength = 1_000;

/**
 * Parses one budget. The operation reaches to the last `)` before the comparison, so its name may hold spaces, dots and
 * parentheses.
 *
 * @throws BenchlabError BAD_OPTION that states what is wrong with the text
 * @example parseBudget('p95(checkout) < 250 ms').limit // 0.25
 */
export function parseBudget(text: string): Budget {
  if (text.length > maxLength) {
    const what = `The budget ${JSON.stringify(`${text.slice(0, 40)}…`)} has ${text.length} characters.`;
    throw new BenchlabError('BAD_OPTION', what, `Use at most ${maxLength}.`);
  }
  const match =
    /^\s*([A-Za-z0-9_]+)\s*\((.*)\)\s*(<=|>=|<|>)\s*([^\s<>=()/]+?)\s*([A-Za-z]*)(?:\/([^\s/]*))?\s*$/s.exec(text);
  if (match === null) throw wrong(text, `It is not of the form ${budgetGrammar}.`);
  const [, word = '', inner = '', comparison = '', digits = '', unit = '', per] = match;
  const fn = functionNames.find((name) => name === word);
  if (fn === undefined) {
    const near = didYouMean(word, functionNames);
    throw wrong(text, `There is no function "${word}": use ${functionNames.join(', ')}.${near}`);
  }
  const operation = inner.trim();
  if (operation === '') throw wrong(text, `Name the operation in the parentheses: ${fn}(checkout).`);
  const number = /^[0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?$/i.test(digits) ? Number(digits) : Number.NaN;
  if (!Number.isFinite(number)) throw wrong(text, `"${digits}" is not a number.`);
  const limit = number * unitFactor(text, fn, unit);
  if (per !== undefined) checkPer(text, fn, per);
  return {
    text: text.trim(),
    function: fn,
    operation,
    comparison: comparison as Budget['comparison'], // one of the four that the pattern lets through
    limit,
    unit: per === undefined ? unit : `${unit}/${per}`,
    ...(per === undefined ? {} : { per }),
  };
}

function checkPer(text: string, fn: BudgetFunction, per: string): void {
  if (!budgetFunctions[fn].isEnergy) throw wrong(text, `${fn} is not for a unit of work; remove "/${per}".`);
  if (unitPattern.test(per)) return;
  throw wrong(text, `"${per}" is not a unit of work: use letters, digits, _ and -, up to 32, as in J/token.`);
}

/** One unit of the budget in its base unit: `limit / unitScale(budget)` is the number as it was written. */
export function unitScale(budget: Pick<Budget, 'function' | 'unit'>): number {
  const [unit = ''] = budget.unit.split('/');
  return budgetFunctions[budget.function].units[unit] ?? 1;
}

/**
 * `213 ms`: a value in the base unit of a budget, in the unit in which the budget was written.
 *
 * @param halfWidth half of its interval, in the base unit: it decides on the digits
 */
export function inUnitOf(budget: Budget, value: number, halfWidth?: number): string {
  const scale = unitScale(budget);
  const scaled = halfWidth ? toHalfWidth(value / scale, halfWidth / scale) : significant(value / scale);
  const number = budget.function === 'count' ? String(value) : scaled;
  return budget.unit === '' ? number : `${number} ${budget.unit}`;
}

function unitFactor(text: string, fn: BudgetFunction, unit: string): number {
  const { units } = budgetFunctions[fn];
  const names = Object.keys(units);
  if (names.length === 0) {
    if (unit !== '') throw wrong(text, `${fn} has no unit; remove "${unit}".`);
    return 1;
  }
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (factor !== undefined) return factor;
  // "mj" and "MS" are slips of case; nearest() ignores case.
  const [near] = nearest(unit, names, 1);
  const choice = `use ${names.join(', ')}.${near === undefined || unit === '' ? '' : ` Did you mean ${near}?`}`;
  throw wrong(text, unit === '' ? `The limit needs a unit: ${choice}` : `"${unit}" is not a unit of ${fn}: ${choice}`);
}

function wrong(text: string, why: string): BenchlabError {
  return new BenchlabError('BAD_OPTION', `Budget "${text.trim()}" cannot be read.`, why);
}
