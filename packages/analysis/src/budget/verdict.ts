import { attribute } from '@benchlab-otel/core';
import { dividedEnergy } from '../energy/dividedEnergy.ts';
import { energyText } from '../energy/estimate/estimateText.ts';
import type { OperationSummary } from '../operations/operations.ts';
import { counted } from '../text/quantity.ts';
import { nearest } from '../text/suggestion.ts';
import type { Budget } from './budget.ts';
import { budgetFunctions } from './functions.ts';

/** Whether a budget holds. */
export interface Verdict {
  readonly budget: Budget;
  readonly outcome: 'pass' | 'fail' | 'inconclusive';
  /** In the base unit of the budget: seconds, joules, calls. Absent where there is no figure. */
  readonly observed?: number;
  /** The 95 % interval of `observed`, where it is an estimate. */
  readonly interval?: { readonly low: number; readonly high: number };
  /** Calls that `observed` stands for. */
  readonly n: number;
  /** It is about energy, and the readings came from an emulated board. */
  readonly simulated?: true;
  /** It is inconclusive because spans were sent that are missing from the figures, and could change it. */
  readonly spansAreMissing?: true;
  /** Why it is inconclusive. */
  readonly reason?: string;
}

/** What budgets are judged by. */
export interface Evidence {
  readonly operations: readonly OperationSummary[];
  /** Spans that were sent but not kept. With some missing, a verdict stands only if they cannot change it. */
  readonly missingSpans: number;
  /** Requests that may have had spans and were not taken: how many spans is not known. Default 0. */
  readonly refusedRequests?: number;
  /** A board was read during the run. */
  readonly metered: boolean;
  /** Energy of an emulated board may be judged. */
  readonly allowSimulated?: boolean;
}

/**
 * Judges one budget. Absent data is never a pass. Latency is judged by the percentile itself; energy is an estimate with
 * an error, so it passes or fails only when its whole 95 % interval lies on one side of the limit.
 */
export function judge(budget: Budget, evidence: Evidence): Verdict {
  const missing = missingText(evidence);
  const operation = evidence.operations.find(({ name }) => name === budget.operation);
  if (operation === undefined) {
    const reason = absent(budget.operation, evidence.operations);
    const mark = missing === undefined ? {} : { spansAreMissing: true as const };
    return { budget, outcome: 'inconclusive', n: 0, ...mark, reason };
  }
  const { isEnergy } = budgetFunctions[budget.function];
  const verdict = isEnergy ? judgeEnergy(budget, operation, evidence) : judgeValue(budget, operation);
  if (missing === undefined || !couldChange(verdict)) return verdict;
  return { ...verdict, outcome: 'inconclusive', spansAreMissing: true, reason: `${missing} missing from the figures` };
}

/** What is missing from the figures, with its verb; undefined where they are complete. */
function missingText({ missingSpans, refusedRequests = 0 }: Evidence): string | undefined {
  const missing = [
    ...(missingSpans > 0 ? [counted(missingSpans, 'span')] : []),
    ...(refusedRequests > 0 ? [`the spans of ${counted(refusedRequests, 'refused request')}`] : []),
  ];
  if (missing.length === 0) return undefined;
  return `${missing.join(' and ')} ${missingSpans === 1 && refusedRequests === 0 ? 'is' : 'are'}`;
}

/** Whether more calls could change the verdict. A count and a longest call only grow: above a limit, they stay above it. */
function couldChange({ budget, outcome }: Verdict): boolean {
  if (outcome === 'inconclusive') return false;
  if (!budgetFunctions[budget.function].onlyGrows) return true;
  const upper = budget.comparison === '<' || budget.comparison === '<=';
  return upper ? outcome === 'pass' : outcome === 'fail';
}

function judgeValue(budget: Budget, operation: OperationSummary): Verdict {
  const observed = budgetFunctions[budget.function].figure(operation);
  const n = operation.calls;
  if (observed === undefined) return { budget, outcome: 'inconclusive', n, reason: 'there is no figure' };
  return { budget, outcome: holds(observed, budget) ? 'pass' : 'fail', observed, n };
}

/** The whole decides: what the rails delivered while the calls ran. */
function judgeEnergy(budget: Budget, operation: OperationSummary, evidence: Evidence): Verdict {
  const { energy } = operation;
  const system = energy?.roles.system;
  const calls = energy?.calls ?? 0;
  const simulated = system?.nature === 'simulated' ? { simulated: true as const } : {};
  const inconclusive = (reason: string): Verdict => ({
    budget,
    outcome: 'inconclusive',
    n: calls,
    ...simulated,
    reason,
  });
  if (!evidence.metered) return inconclusive('no board was read during this run');
  if (system === undefined) return inconclusive('no samples of the board fall on its calls');
  if (system.nature === 'simulated' && !evidence.allowSimulated) {
    return inconclusive('the readings are simulated; --allow-simulated judges them all the same');
  }
  const parts = budget.per === undefined ? calls : unitsOf(operation, budget.per);
  if (parts === undefined) return inconclusive(withoutUnit(operation, budget.per ?? ''));
  const whole = dividedEnergy(system.whole, parts);
  if (whole.kind === 'none') return inconclusive(energyText(whole));
  const interval = { low: whole.low, high: whole.high };
  const [low, high] = [holds(interval.low, budget), holds(interval.high, budget)];
  const figures = { budget, observed: whole.joules, interval, n: calls, ...simulated };
  if (low !== high) return { ...figures, outcome: 'inconclusive', reason: 'the 95 % interval straddles the limit' };
  return { ...figures, outcome: low ? 'pass' : 'fail' };
}

function unitsOf({ work }: OperationSummary, unit: string): number | undefined {
  return work?.unit === unit ? work.units : undefined;
}

function withoutUnit({ work }: OperationSummary, unit: string): string {
  const state = `${attribute.energyUnit} = "${unit}" and ${attribute.energyUnits}`;
  return work === undefined
    ? `not all of its calls state ${state}`
    : `its calls state the unit "${work.unit}", not "${unit}"`;
}

function holds(value: number, { comparison, limit }: Budget): boolean {
  switch (comparison) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
  }
}

function absent(wanted: string, operations: readonly OperationSummary[]): string {
  if (operations.length === 0) return `no span arrived, and none named "${wanted}"`;
  const names = operations.map(({ name }) => name);
  const near = nearest(wanted, names);
  const arrived = names.slice(0, 10).join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '');
  const hint = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
  return `no span named "${wanted}" arrived${hint}; what arrived: ${arrived}`;
}
