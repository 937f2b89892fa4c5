import { isOfEnergy, isRelative, parseRelativeBudget, type RelativeBudget } from '@benchlab-otel/analysis';
import { BenchlabError } from '@benchlab-otel/core';
import { defaultMargin, defaultMaxPairs, defaultWarmupPairs } from './comparisonDefaults.ts';

/** The options of `run` that are about a baseline. */
export interface ComparisonOptions {
  readonly budget: readonly string[];
  readonly baselineCmd?: string;
  readonly baselineRef?: string;
  readonly prepare?: string;
  readonly warmup?: number;
  readonly margin?: number;
  readonly maxPairs?: number;
  /** Milliseconds. */
  readonly maxTime?: number;
}

/** A comparison that was asked for. */
export interface ComparisonRequest {
  readonly baseline:
    | { readonly kind: 'command'; readonly command: string }
    | { readonly kind: 'ref'; readonly ref: string };
  readonly budgets: readonly RelativeBudget[];
  readonly prepare?: string;
  readonly warmupPairs: number;
  readonly margin: number;
  readonly maxPairs: number;
  readonly maxSeconds?: number;
}

/** The options that mean nothing without a baseline. */
const ofBaseline = {
  prepare: '--prepare',
  warmup: '--warmup',
  margin: '--margin',
  maxPairs: '--max-pairs',
  maxTime: '--max-time',
} as const;

/**
 * The comparison that the options ask for. Undefined for a run of one program.
 *
 * @throws BenchlabError BAD_OPTION where options and budgets do not belong together
 */
export function comparisonRequest(options: ComparisonOptions): ComparisonRequest | undefined {
  const budgets = options.budget.filter(isRelative).map(parseRelativeBudget);
  const { baselineCmd, baselineRef, prepare, maxTime } = options;
  if (baselineCmd === undefined && baselineRef === undefined) {
    refuseWithoutBaseline(options, budgets);
    return undefined;
  }
  if (budgets.length === 0) {
    const what = 'There is a baseline, and no budget that compares with it.';
    const fix = "Add one: --budget 'p95(OPERATION) < baseline', or the same in budgets of the file of --expect.";
    throw new BenchlabError('BAD_OPTION', what, fix);
  }
  refuseRepeated(budgets);
  const baseline =
    baselineCmd === undefined
      ? ({ kind: 'ref', ref: named(baselineRef, '--baseline-ref', 'a commit, a branch or a tag') } as const)
      : ({ kind: 'command', command: named(baselineCmd, '--baseline-cmd', 'a command') } as const);
  return {
    baseline,
    budgets,
    ...(prepare !== undefined && { prepare: named(prepare, '--prepare', 'a command') }),
    warmupPairs: options.warmup ?? defaultWarmupPairs,
    margin: options.margin ?? defaultMargin,
    maxPairs: options.maxPairs ?? defaultMaxPairs,
    ...(maxTime !== undefined && { maxSeconds: maxTime / 1000 }),
  };
}

/** Whether a comparison needs a meter. */
export function comparesEnergy(request: ComparisonRequest | undefined): boolean {
  return request?.budgets.some(isOfEnergy) ?? false;
}

function refuseWithoutBaseline(options: ComparisonOptions, [budget]: readonly RelativeBudget[]): void {
  const fix = "Add --baseline-cmd 'COMMAND' or --baseline-ref GIT_REF, or baseline to the file of --expect.";
  if (budget !== undefined) {
    throw new BenchlabError('BAD_OPTION', `The budget "${budget.text}" needs a baseline.`, fix);
  }
  for (const [name, flag] of Object.entries(ofBaseline)) {
    if (options[name as keyof typeof ofBaseline] === undefined) continue; // a key of that table
    throw new BenchlabError('BAD_OPTION', `${flag} is for a comparison with a baseline.`, fix);
  }
}

/** The same question twice would halve the errors that each may make, for nothing. */
function refuseRepeated(budgets: readonly RelativeBudget[]): void {
  const texts = budgets.map(({ text }) => text);
  const repeated = texts.find((text, index) => texts.indexOf(text) !== index);
  if (repeated === undefined) return;
  throw new BenchlabError('BAD_OPTION', `The budget "${repeated}" is there twice.`, 'Leave one out.');
}

function named(text: string | undefined, flag: string, what: string): string {
  if (text !== undefined && text.trim() !== '') return text;
  throw new BenchlabError('BAD_OPTION', `${flag} is empty.`, `Name ${what}.`);
}
