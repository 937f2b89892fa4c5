import { didYouMean, nearest } from '../text/suggestion.ts';

/** What a budget limits. Latency functions are in seconds, `joules` in joules a call (the mean), `count` in calls. */
export type BudgetFunction = 'p50' | 'p95' | 'p99' | 'max' | 'count' | 'joules';

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
  /** The unit as it was written, in which the budget is reported. Empty for `count`. */
  readonly unit: string;
}

const functions: readonly BudgetFunction[] = ['p50', 'p95', 'p99', 'max', 'count', 'joules'];

const secondsPerUnit: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  ms: 1e-3,
  s: 1,
};

/** 1 Wh = 3600 J by definition. */
const joulesPerUnit: Readonly<Record<string, number>> = { mJ: 1e-3, J: 1, kJ: 1e3, Wh: 3600 };

/** How a budget is written, for `--help` and for messages. */
export const budgetGrammar: string =
  'FN(OPERATION) < NUMBER UNIT, with FN one of p50 p95 p99 max (ns us ms s), joules (mJ J kJ Wh, mean of a call), ' +
  'count (no unit)';

/**
 * Parses one budget. The operation reaches to the last `)` before the comparison, so its name may hold spaces, dots and
 * parentheses. Throws a RangeError that says what is wrong with it.
 */
export function parseBudget(text: string): Budget {
  const match = /^\s*([A-Za-z0-9_]+)\s*\((.*)\)\s*(<=|>=|<|>)\s*([^\s<>=()]+?)\s*([A-Za-z]*)\s*$/s.exec(text);
  if (match === null) throw wrong(text, `It is not of the form ${budgetGrammar}.`);
  const [, word = '', inner = '', comparison = '', digits = '', unit = ''] = match;
  const fn = functions.find((name) => name === word);
  if (fn === undefined) {
    throw wrong(text, `There is no function "${word}": use ${functions.join(', ')}.${didYouMean(word, functions)}`);
  }
  const operation = inner.trim();
  if (operation === '') throw wrong(text, `Name the operation in the parentheses: ${fn}(checkout).`);
  const number = /^[0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?$/i.test(digits) ? Number(digits) : Number.NaN;
  if (!Number.isFinite(number)) throw wrong(text, `"${digits}" is not a number.`);
  return {
    text: text.trim(),
    function: fn,
    operation,
    comparison: comparison as Budget['comparison'], // one of the four that the pattern lets through
    limit: number * unitFactor(text, fn, unit),
    unit,
  };
}

/** What one unit of the budget is in the base unit: `limit / unitScale(budget)` is the number as it was written. */
export function unitScale(budget: Pick<Budget, 'function' | 'unit'>): number {
  if (budget.function === 'count') return 1;
  return unitsOf(budget.function)[budget.unit] ?? 1;
}

function unitFactor(text: string, fn: BudgetFunction, unit: string): number {
  if (fn === 'count') {
    if (unit !== '') throw wrong(text, `count has no unit; remove "${unit}".`);
    return 1;
  }
  const units = unitsOf(fn);
  const factor = units[unit];
  if (factor !== undefined) return factor;
  const names = Object.keys(units);
  // "mj" and "MS" are slips of case; nearest() ignores case.
  const [near] = nearest(unit, names, 1);
  const choice = `use ${names.join(', ')}.${near === undefined || unit === '' ? '' : ` Did you mean ${near}?`}`;
  throw wrong(text, unit === '' ? `The limit needs a unit: ${choice}` : `"${unit}" is no unit of ${fn}: ${choice}`);
}

function unitsOf(fn: Exclude<BudgetFunction, 'count'>): Readonly<Record<string, number>> {
  return fn === 'joules' ? joulesPerUnit : secondsPerUnit;
}

function wrong(text: string, why: string): RangeError {
  return new RangeError(`Budget "${text.trim()}" cannot be read. ${why}`);
}
