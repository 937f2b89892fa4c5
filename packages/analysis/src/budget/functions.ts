import type { OperationSummary } from '../operations/operations.ts';
import { exactly, type FigureRange, percentileRange } from './figureRange.ts';

/** What a figure depends on besides its operation. */
interface FigureContext {
  /** As the budget states it: `ms`, `%`, or empty. */
  readonly unit: string;
  /** Calls that are missing from the operation, at most: 0 to Infinity. */
  readonly missing: number;
  /** The time that the program ran. Absent where it is not known. */
  readonly runSeconds?: number;
}

/** One function that a budget may limit. A new one is a line in the table below. */
interface FunctionKind {
  /**
   * The units that its limit may be written in, each in the base unit (seconds, joules). An empty text among them: the unit
   * may be left out. No unit at all: there must not be one.
   */
  readonly units: Readonly<Record<string, number>>;
  /** Its figure in the base unit. Undefined where there is none, and for energy, which has an interval. */
  figure(operation: OperationSummary, context: FigureContext): FigureRange | undefined;
  /** It counts, so a limit may be compared with `==`: a measured time is never equal to a limit. */
  readonly isCount?: true;
  /** It is about energy: an estimate with an interval, which needs a meter. */
  readonly isEnergy?: true;
}

const seconds = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1 };
/** 1 Wh = 3600 J by definition. */
const joules = { mJ: 1e-3, J: 1, kJ: 1e3, Wh: 3600 };
const callsPerSecond = { '/s': 1, '/min': 1 / 60, '/h': 1 / 3600 };

/**
 * What a budget limits. Latency functions are in seconds, `joules` in joules a call (the mean), `count` in calls, `errors` in
 * calls or as a share of 1, `rate` in calls a second of the run.
 */
export type BudgetFunction = 'p50' | 'p90' | 'p95' | 'p99' | 'max' | 'mean' | 'count' | 'errors' | 'rate' | 'joules';

export const budgetFunctions: Readonly<Record<BudgetFunction, FunctionKind>> = {
  p50: { units: seconds, figure: (operation, { missing }) => percentileRange(operation, 50, missing) },
  p90: { units: seconds, figure: (operation, { missing }) => percentileRange(operation, 90, missing) },
  p95: { units: seconds, figure: (operation, { missing }) => percentileRange(operation, 95, missing) },
  p99: { units: seconds, figure: (operation, { missing }) => percentileRange(operation, 99, missing) },
  max: {
    units: seconds,
    figure: ({ maxSeconds }, { missing }) => ({ ...exactly(maxSeconds), high: missing > 0 ? Infinity : maxSeconds }),
  },
  mean: {
    units: seconds,
    // A missing call takes 0 s at least.
    figure: ({ meanSeconds, calls }, { missing }) => ({
      value: meanSeconds,
      low: (meanSeconds * calls) / (calls + missing),
      high: missing > 0 ? Infinity : meanSeconds,
    }),
  },
  count: {
    units: {},
    isCount: true,
    figure: ({ calls }, { missing }) => ({ ...exactly(calls), high: calls + missing }),
  },
  errors: {
    units: { '': 1, '%': 0.01 },
    isCount: true,
    figure: ({ errors, calls }, { missing, unit }) =>
      unit === '%'
        ? {
            value: errors / calls,
            low: errors / (calls + missing),
            high: missing === Infinity ? 1 : (errors + missing) / (calls + missing),
          }
        : { ...exactly(errors), high: errors + missing },
  },
  rate: {
    units: callsPerSecond,
    figure: ({ calls }, { missing, runSeconds }) =>
      runSeconds === undefined || !(runSeconds > 0)
        ? undefined
        : { ...exactly(calls / runSeconds), high: (calls + missing) / runSeconds },
  },
  joules: { units: joules, figure: () => undefined, isEnergy: true },
};

export const functionNames: readonly BudgetFunction[] = Object.keys(budgetFunctions) as BudgetFunction[]; // the table's keys

/** How a budget is written, for help and messages. */
export const budgetGrammar: string =
  'FN(OPERATION) < NUMBER UNIT, with FN one of p50 p90 p95 p99 max mean (ns us ms s), joules (mJ J kJ Wh, mean of a call; ' +
  'J/token is for a unit of work), count (no unit), errors (no unit, or %), rate (/s /min /h)';
