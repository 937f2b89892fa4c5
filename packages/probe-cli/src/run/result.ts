import type { OperationSummary, Received, Verdict } from '@benchlab-otel/analysis';
import { exitCode } from '../exitCode.ts';
import type { MeterSummary } from './meterWatch.ts';

/** How the child ended. */
export interface ChildExit {
  /** Its exit code; 128 plus the signal's number when a signal ended it. */
  readonly code: number;
  readonly signal?: NodeJS.Signals;
}

/** One execution of `benchlab-probe run`, complete: every report is made from this. */
export interface RunResult {
  readonly command: readonly string[];
  /** ISO 8601. */
  readonly startedAt: string;
  /** From the start of the child to its exit. */
  readonly durationSeconds: number;
  readonly child: ChildExit;
  /** The boards that were read; empty when there was none. */
  readonly meters: readonly MeterSummary[];
  readonly received: Received;
  readonly operations: readonly OperationSummary[];
  readonly verdicts: readonly Verdict[];
  /** What went wrong with receiving or flushing: figures may be incomplete. */
  readonly troubles: readonly string[];
  /** What the reader should know, without harm to the figures that are there. */
  readonly notes: readonly string[];
}

/** The exit code of a run: a failed child's own first, then failed budgets, trouble, undecided budgets. */
export function exitCodeOfRun({ child, verdicts, troubles }: RunResult): number {
  if (child.code !== 0) return child.code;
  if (verdicts.some(({ outcome }) => outcome === 'fail')) return exitCode.fail;
  if (troubles.length > 0) return exitCode.trouble;
  if (verdicts.some(({ outcome }) => outcome === 'inconclusive')) return exitCode.inconclusive;
  return exitCode.pass;
}
