import { minCoverage } from '../energy/spanEnergy.ts';
import type { OperationSummary } from '../operations/operations.ts';
import { counted } from '../text/quantity.ts';
import { nearest } from '../text/suggestion.ts';
import type { Budget } from './budget.ts';

/** What became of a budget. */
export interface Verdict {
  readonly budget: Budget;
  readonly outcome: 'pass' | 'fail' | 'inconclusive';
  /** In the base unit of the budget: seconds, joules, calls. Absent when there is no figure. */
  readonly observed?: number;
  /** The 95 % interval of `observed`, where it is an estimate. */
  readonly interval?: { readonly low: number; readonly high: number };
  /** Calls that `observed` stands for. */
  readonly n: number;
  /** It is about energy, and the readings came from an emulated board. */
  readonly simulated?: true;
  /** Why it is inconclusive. */
  readonly reason?: string;
}

/** What was received, for judging. */
export interface Evidence {
  readonly operations: readonly OperationSummary[];
  /** Spans that were sent but not kept. With some missing only a verdict that they could not change stands. */
  readonly missingSpans: number;
  /** A board was read during the run. */
  readonly metered: boolean;
  /** Energy of an emulated board may be judged. */
  readonly allowSimulated?: boolean;
}

/** Two-sided 95 % of the normal distribution, in standard errors. */
export const INTERVAL_95 = 1.96;

/**
 * Judges one budget. Absent data is never a pass. Latency is judged by the percentile itself; energy is an estimate with
 * an error, so it passes or fails only when its whole 95 % interval lies on one side of the limit.
 */
export function judge(budget: Budget, evidence: Evidence): Verdict {
  const operation = evidence.operations.find(({ name }) => name === budget.operation);
  if (operation === undefined) {
    return { budget, outcome: 'inconclusive', n: 0, reason: absent(budget.operation, evidence.operations) };
  }
  const verdict =
    budget.function === 'joules' ? judgeEnergy(budget, operation, evidence) : judgeValue(budget, operation);
  const missing = evidence.missingSpans;
  if (missing === 0 || !couldChange(verdict)) return verdict;
  const are = missing === 1 ? 'is' : 'are';
  return { ...verdict, outcome: 'inconclusive', reason: `${counted(missing, 'span')} ${are} missing from the figures` };
}

/** Whether more calls could turn the verdict. A count and a longest call only grow: what is over stays over. */
function couldChange({ budget, outcome }: Verdict): boolean {
  if (outcome === 'inconclusive') return false;
  if (budget.function !== 'count' && budget.function !== 'max') return true;
  const upper = budget.comparison === '<' || budget.comparison === '<=';
  return upper ? outcome === 'pass' : outcome === 'fail';
}

function judgeValue(budget: Budget, operation: OperationSummary): Verdict {
  const observed = figureOf(budget.function, operation);
  const n = operation.calls;
  if (observed === undefined) return { budget, outcome: 'inconclusive', n, reason: 'there is no figure' };
  return { budget, outcome: holds(observed, budget) ? 'pass' : 'fail', observed, n };
}

function judgeEnergy(budget: Budget, operation: OperationSummary, evidence: Evidence): Verdict {
  const calls = operation.energy?.calls ?? 0;
  const simulated = operation.energy?.nature === 'simulated' ? { simulated: true as const } : {};
  const inconclusive = (reason: string): Verdict => ({
    budget,
    outcome: 'inconclusive',
    n: calls,
    ...simulated,
    reason,
  });
  if (!evidence.metered) return inconclusive('no board was read during this run');
  if (operation.energy === undefined) return inconclusive('no samples of the board fall on its calls');
  if (operation.energy.nature === 'simulated' && !evidence.allowSimulated) {
    return inconclusive('the readings are simulated; --allow-simulated judges them all the same');
  }
  if (operation.energyCoverage < minCoverage) {
    const percent = Math.floor(operation.energyCoverage * 1000) / 10;
    return inconclusive(`samples cover ${percent} % of its time, and ${minCoverage * 100} % is needed`);
  }
  const energy = operation.energy.roles.system;
  if (energy === undefined) {
    return inconclusive('too few samples fell into its calls to tell the error; run it for longer or more often');
  }
  const half = INTERVAL_95 * energy.stderr;
  const interval = { low: energy.joules - half, high: energy.joules + half };
  const [low, high] = [holds(interval.low, budget), holds(interval.high, budget)];
  const figures = { budget, observed: energy.joules, interval, n: calls, ...simulated };
  if (low !== high) return { ...figures, outcome: 'inconclusive', reason: 'the 95 % interval straddles the limit' };
  return { ...figures, outcome: low ? 'pass' : 'fail' };
}

function figureOf(fn: Budget['function'], operation: OperationSummary): number | undefined {
  switch (fn) {
    case 'p50':
      return operation.p50Seconds;
    case 'p95':
      return operation.p95Seconds;
    case 'p99':
      return operation.p99Seconds;
    case 'max':
      return operation.maxSeconds;
    case 'count':
      return operation.calls;
    case 'joules':
      return operation.energy?.roles.system?.joules;
  }
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
  if (operations.length === 0) return `no span arrived at all, so none named "${wanted}"`;
  const names = operations.map(({ name }) => name);
  const near = nearest(wanted, names);
  const arrived = names.slice(0, 10).join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '');
  const hint = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
  return `no span named "${wanted}" arrived${hint}; what arrived: ${arrived}`;
}
