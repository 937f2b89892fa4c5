import { BenchlabError, didYouMean, nearest } from '@benchlab-otel/core';
import { unitPattern } from '../operations/workUnit.ts';
import { significant, toHalfWidth } from '../text/quantity.ts';
import { type BudgetFunction, budgetFunctions, budgetGrammar, functionNames } from './functions.ts';
import { type OperationPattern, operationPattern } from './operationPattern.ts';

/** A limit on a summary of an operation, or of each of several: `p95(checkout) < 250 ms`, `errors(GET *, server) < 1 %`. */
export interface Budget extends OperationPattern {
  /** As it was written. */
  readonly text: string;
  readonly function: BudgetFunction;
  readonly comparison: '<' | '<=' | '>' | '>=' | '==';
  /** In seconds, joules, calls, calls a second, or a share of 1. */
  readonly limit: number;
  /** The unit as it was written, in which the budget is reported: `ms`, `J`, `J/token`, `/s`. Empty for `count`. */
  readonly unit: string;
  /** The unit of work that the limit is for: `token` of `J/token`. Absent where it is for a call. */
  readonly per?: string;
}

/** Four times the longest name of a span that is kept. The time that the pattern takes grows with the square of it. */
const maxLength = 1_000;

/**
 * Parses one budget. The operation reaches to the last `)` before the comparison, so its name may hold spaces, dots and
 * parentheses. A kind of span may follow it after a comma. `*` in it stands for any text, `\*` for a star.
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
    /^\s*([A-Za-z0-9_]+)\s*\((.*)\)\s*(<=|>=|==|<|>)\s*([^\s<>=()/%]+?)\s*([A-Za-z%]*)(?:\/([^\s/]*))?\s*$/s.exec(text);
  if (match === null) throw wrong(text, `It is not of the form ${budgetGrammar}.`);
  const [, word = '', inner = '', comparison = '', digits = '', word2 = '', after] = match;
  const fn = functionNames.find((name) => name === word);
  if (fn === undefined) {
    const near = didYouMean(word, functionNames);
    throw wrong(text, `There is no function "${word}": use ${functionNames.join(', ')}.${near}`);
  }
  const pattern = operationPattern(inner);
  if (pattern.operation === '') throw wrong(text, `Name the operation in the parentheses: ${fn}(checkout).`);
  if (comparison === '==' && !budgetFunctions[fn].isCount) {
    throw wrong(text, `${fn} is measured, and never equal to a limit: use < or >. == is for count and errors.`);
  }
  const number = /^[0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?$/i.test(digits) ? Number(digits) : Number.NaN;
  if (!Number.isFinite(number)) throw wrong(text, `"${digits}" is not a number.`);
  const { unit, per } = unitsOf(fn, word2, after);
  const limit = number * unitFactor(text, fn, unit);
  if (per !== undefined) checkPer(text, fn, per);
  return {
    text: text.trim(),
    function: fn,
    ...pattern,
    comparison: comparison as Budget['comparison'], // one of the five that the pattern lets through
    limit,
    unit: per === undefined ? unit : `${unit}/${per}`,
    ...(per === undefined ? {} : { per }),
  };
}

/** `10 /s`: a unit that begins with a slash is a unit of its own. `3 J/token`: what follows the slash is a unit of work. */
function unitsOf(fn: BudgetFunction, word: string, after: string | undefined): { unit: string; per?: string } {
  if (after === undefined) return { unit: word };
  const isWhole = Object.keys(budgetFunctions[fn].units).some((unit) => unit.startsWith('/'));
  return isWhole ? { unit: `${word}/${after}` } : { unit: word, per: after };
}

function checkPer(text: string, fn: BudgetFunction, per: string): void {
  if (!budgetFunctions[fn].isEnergy) throw wrong(text, `${fn} is not for a unit of work; remove "/${per}".`);
  if (unitPattern.test(per)) return;
  throw wrong(text, `"${per}" is not a unit of work: use letters, digits, _ and -, up to 32, as in J/token.`);
}

/** One unit of the budget in its base unit: `limit / unitScale(budget)` is the number as it was written. */
export function unitScale(budget: Pick<Budget, 'function' | 'unit' | 'per'>): number {
  const unit = budget.per === undefined ? budget.unit : budget.unit.slice(0, -budget.per.length - 1);
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
  const isWhole = budgetFunctions[budget.function].isCount && budget.unit === '';
  const number = isWhole ? String(value) : scaled;
  return budget.unit === '' ? number : `${number} ${budget.unit}`;
}

function unitFactor(text: string, fn: BudgetFunction, unit: string): number {
  const { units } = budgetFunctions[fn];
  const names = Object.keys(units).filter((name) => name !== '');
  if (names.length === 0) {
    if (unit !== '') throw wrong(text, `${fn} has no unit; remove "${unit}".`);
    return 1;
  }
  const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (factor !== undefined) return factor;
  // "mj" and "MS" are slips of case; nearest() ignores case.
  const [near] = nearest(unit, names, 1);
  const none = Object.hasOwn(units, '') ? ', or no unit' : '';
  const choice = `use ${names.join(', ')}${none}.${near === undefined || unit === '' ? '' : ` Did you mean ${near}?`}`;
  throw wrong(text, unit === '' ? `The limit needs a unit: ${choice}` : `"${unit}" is not a unit of ${fn}: ${choice}`);
}

function wrong(text: string, why: string): BenchlabError {
  return new BenchlabError('BAD_OPTION', `Budget "${text.trim()}" cannot be read.`, why);
}
