import { nearest } from '@benchlab-otel/core';
import { dividedEnergy } from '../energy/dividedEnergy.ts';
import { energyText } from '../energy/estimate/estimateText.ts';
import { type LossFigures, lossText, type SpanLoss } from '../loss/spanLoss.ts';
import type { OperationSummary } from '../operations/operations.ts';
import { unitsOf, withoutUnit } from '../operations/workUnit.ts';
import { meets } from '../presence/numberTest.ts';
import { counted } from '../text/quantity.ts';
import type { Budget } from './budget.ts';
import { exactly, type FigureRange } from './figureRange.ts';
import { budgetFunctions } from './functions.ts';
import { hasWildcard, literalName, matchesOperation } from './operationPattern.ts';

/** Whether a budget holds. */
export interface Verdict {
  readonly budget: Budget;
  readonly outcome: 'pass' | 'fail' | 'inconclusive';
  /** The label of the operation that decided, where the budget matched by a wildcard or matched several operations. */
  readonly operation?: string;
  /** How many operations the budget matched; set where `operation` is. */
  readonly matched?: number;
  /** In the base unit of the budget: seconds, joules, calls. Absent where there is no figure. */
  readonly observed?: number;
  /** The 95 % interval of `observed`, where it is an estimate. */
  readonly interval?: { readonly low: number; readonly high: number };
  /** Calls that `observed` stands for. */
  readonly n: number;
  /** It is about energy, and the readings came from an emulated board. */
  readonly simulated?: true;
  /** It is inconclusive because spans are missing from the figures, and could change it. */
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
  /** What else is missing, in an unknown number: `lost: 7 spans`. */
  readonly missingText?: string;
  /** What the program states of spans that it did not send. Default: nothing. */
  readonly loss?: LossFigures & Pick<SpanLoss, 'sampling'>;
  /** The time that the program ran, for `rate`. */
  readonly runSeconds?: number;
  /** A board was read during the run. */
  readonly metered: boolean;
  /** Energy of an emulated board may be judged. */
  readonly allowSimulated?: boolean;
}

/**
 * Judges one budget. Absent data is never a pass. Latency is judged by the percentile itself; energy is an estimate with
 * an error, so it passes or fails only when its whole 95 % interval lies on one side of the limit. Of several operations
 * that a budget matches, the worst decides. With spans missing, a verdict stands only where they cannot change it.
 */
export function judge(budget: Budget, evidence: Evidence): Verdict {
  const missing = missingOf(evidence);
  const matching = evidence.operations.filter((operation) => matchesOperation(budget, operation));
  if (matching.length === 0) {
    const reason = absent(budget, evidence.operations);
    if (missing.calls === 0) return { budget, outcome: 'inconclusive', n: 0, reason };
    return { budget, outcome: 'inconclusive', n: 0, spansAreMissing: true, reason: `${reason}; ${missing.text}` };
  }
  const judged = matching.map((operation) => ({
    verdict: judgeOperation(budget, operation, missing, evidence),
    label: operation.label,
  }));
  const worst = judged.reduce((a, b) => (isWorse(b.verdict, a.verdict) ? b : a));
  const isOne = matching.length === 1 && !hasWildcard(budget);
  const named = isOne ? {} : { operation: worst.label, matched: matching.length };
  const verdict = { ...worst.verdict, ...named };
  // A call that is missing may be of an operation that matches and never came.
  const isOpen = verdict.outcome === 'pass' && hasWildcard(budget) && missing.calls > 0;
  return isOpen ? undecided(verdict, missing) : verdict;
}

interface Missing {
  /** At most; Infinity where the number is not known. */
  readonly calls: number;
  /** A sentence without a full stop. */
  readonly text: string;
}

function missingOf({ missingSpans, refusedRequests = 0, missingText, loss }: Evidence): Missing {
  const parts = [
    ...(missingSpans > 0 ? [counted(missingSpans, 'span')] : []),
    ...(refusedRequests > 0 ? [`the spans of ${counted(refusedRequests, 'refused request')}`] : []),
  ];
  const verb = missingSpans === 1 && refusedRequests === 0 ? 'is' : 'are';
  const lost = loss && lossText(loss);
  const texts = [
    ...(parts.length === 0 ? [] : [`${parts.join(' and ')} ${verb} missing from the figures`]),
    ...(missingText === undefined ? [] : [missingText]),
    ...(lost === undefined ? [] : [lost]),
    ...(loss?.sampling === undefined ? [] : [`counts are of a part: ${loss.sampling}`]),
  ];
  const isUnknown =
    refusedRequests > 0 ||
    missingText !== undefined ||
    loss?.sampling !== undefined ||
    (loss !== undefined && loss.lostSpans > 0 && !loss.isComplete);
  return {
    calls: isUnknown ? Infinity : missingSpans + (loss?.lostSpans ?? 0) + (loss?.unsentSpans ?? 0),
    text: texts.join('; '),
  };
}

function undecided(verdict: Verdict, { text }: Missing): Verdict {
  return { ...verdict, outcome: 'inconclusive', spansAreMissing: true, reason: text };
}

function judgeOperation(budget: Budget, operation: OperationSummary, missing: Missing, evidence: Evidence): Verdict {
  if (!budgetFunctions[budget.function].isEnergy) return judgeValue(budget, operation, missing, evidence);
  const verdict = judgeEnergy(budget, operation, evidence);
  // The energy of a missing call is in that of the calls around it.
  return missing.calls > 0 && verdict.outcome !== 'inconclusive' ? undecided(verdict, missing) : verdict;
}

function judgeValue(budget: Budget, operation: OperationSummary, missing: Missing, { runSeconds }: Evidence): Verdict {
  const context = { unit: budget.unit, missing: missing.calls, ...(runSeconds === undefined ? {} : { runSeconds }) };
  const figure = budgetFunctions[budget.function].figure(operation, context);
  const n = operation.calls;
  if (figure === undefined) {
    return { budget, outcome: 'inconclusive', n, reason: 'the time that the program ran is not known' };
  }
  const outcome = outcomeOf(figure, budget);
  const verdict = { budget, outcome: outcome ?? 'inconclusive', observed: figure.value, n } as const;
  return outcome === undefined ? undecided(verdict, missing) : verdict;
}

/** Whether the limit holds for every value in the range. Undefined where it holds for some of them only. */
function outcomeOf({ low, high }: FigureRange, budget: Budget): 'pass' | 'fail' | undefined {
  const [atLow, atHigh] = [meets(low, budget), meets(high, budget)];
  const isInside = budget.comparison === '==' && low !== high && low <= budget.limit && budget.limit <= high;
  return isInside || atLow !== atHigh ? undefined : atLow ? 'pass' : 'fail';
}

const badness = { pass: 0, inconclusive: 1, fail: 2 } as const;

/** A failure is worse than no verdict, and that than a pass; of the same outcome, the figure that is nearer to a failure. */
function isWorse(a: Verdict, b: Verdict): boolean {
  if (a.outcome !== b.outcome) return badness[a.outcome] > badness[b.outcome];
  const [x, y] = [a.observed, b.observed];
  if (x === undefined || y === undefined) return x === undefined && y !== undefined;
  const { comparison, limit } = a.budget;
  if (comparison === '==') return Math.abs(x - limit) > Math.abs(y - limit);
  return comparison === '<' || comparison === '<=' ? x > y : x < y;
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
  const outcome = outcomeOf({ ...exactly(whole.joules), ...interval }, budget);
  const figures = { budget, observed: whole.joules, interval, n: calls, ...simulated };
  if (outcome !== undefined) return { ...figures, outcome };
  return { ...figures, outcome: 'inconclusive', reason: 'the 95 % interval straddles the limit' };
}

/** Names that a reason lists. */
const maxNames = 10;

function absent(budget: Budget, operations: readonly OperationSummary[]): string {
  const ofKind = budget.kind === undefined ? '' : ` of kind ${budget.kind}`;
  const wanted = hasWildcard(budget) ? `that matches "${budget.operation}"` : `named "${literalName(budget)}"`;
  if (operations.length === 0) return `no span arrived, and none ${wanted}${ofKind}`;
  const names = [...new Set(operations.map(({ name }) => name))];
  const near = nearest(literalName(budget), names);
  const kinds = operations.filter(({ name }) => name === literalName(budget)).map(({ kind }) => kind);
  const labels = operations.map(({ label }) => label);
  const more = labels.length > maxNames ? ` and ${labels.length - maxNames} more` : '';
  const hint =
    kinds.length > 0
      ? `; those of that name are of kind ${kinds.join(', ')}`
      : near.length === 0
        ? ''
        : `; did you mean ${near.join(' or ')}?`;
  return `no span ${wanted}${ofKind} arrived${hint}; what arrived: ${labels.slice(0, maxNames).join(', ')}${more}`;
}
