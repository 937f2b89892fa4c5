import type { OperationSummary } from '../operations/operations.ts';

/** One function that a budget may limit. A new one is a line in the table below. */
interface FunctionKind {
  /** The units that its limit may be written in, each in the base unit (seconds, joules). Empty: it has no unit. */
  readonly units: Readonly<Record<string, number>>;
  /** Its figure in the base unit. Undefined where there is none, and for energy, which has an interval. */
  figure(operation: OperationSummary): number | undefined;
  /** More calls can only raise it, so a value above a limit stays above it. */
  readonly onlyGrows?: true;
  /** It is about energy: an estimate with an interval, which needs a meter. */
  readonly isEnergy?: true;
}

const seconds = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1 };
/** 1 Wh = 3600 J by definition. */
const joules = { mJ: 1e-3, J: 1, kJ: 1e3, Wh: 3600 };

/** What a budget limits. Latency functions are in seconds, `joules` in joules a call (the mean), `count` in calls. */
export type BudgetFunction = 'p50' | 'p95' | 'p99' | 'max' | 'count' | 'joules';

export const budgetFunctions: Readonly<Record<BudgetFunction, FunctionKind>> = {
  p50: { units: seconds, figure: (operation) => operation.p50Seconds },
  p95: { units: seconds, figure: (operation) => operation.p95Seconds },
  p99: { units: seconds, figure: (operation) => operation.p99Seconds },
  max: { units: seconds, figure: (operation) => operation.maxSeconds, onlyGrows: true },
  count: { units: {}, figure: (operation) => operation.calls, onlyGrows: true },
  joules: { units: joules, figure: () => undefined, isEnergy: true },
};

export const functionNames: readonly BudgetFunction[] = Object.keys(budgetFunctions) as BudgetFunction[]; // the table's keys

/** How a budget is written, for help and messages. */
export const budgetGrammar: string =
  'FN(OPERATION) < NUMBER UNIT, with FN one of p50 p95 p99 max (ns us ms s), joules (mJ J kJ Wh, mean of a call; ' +
  'J/token is for a unit of work), ' +
  'count (no unit)';
