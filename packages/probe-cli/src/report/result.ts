import type { Judgement, OperationSummary, Received, SpanLoss, Verdict } from '@benchlab-otel/analysis';
import type { PowerBoundary } from '@benchlab-otel/core';
import type { MeasuredIdle } from '@benchlab-otel/enrichers';
import { exitCode } from '../command/exitCode.ts';
import type { Comparison } from '../compare/comparison.ts';
import type { ShownTelemetry } from '../presence/shownTelemetry.ts';

/** How the child ended. */
export interface ChildExit {
  /** Its exit code; 128 plus the signal's number when a signal ended it. */
  readonly code: number;
  readonly signal?: NodeJS.Signals;
}

/** One meter during a run: its samples, their rate, its losses. */
export interface MeterSummary {
  readonly id: string;
  readonly name: string;
  readonly simulated: boolean;
  readonly boundary?: PowerBoundary;
  readonly firmware?: string;
  /** Set when the firmware is unpublished and the board was read as if it had this one. */
  readonly assumedFirmware?: string;
  readonly samples: number;
  /** The rate that was asked for (absent with an agent, which chooses it), and the rate that came. */
  readonly askedHz?: number;
  readonly seenHz?: number;
  /** How often it was lost, and why the last time. */
  readonly losses: number;
  readonly lastLoss?: string;
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
  /** The bench at rest, where it was measured before the program started. */
  readonly idle?: MeasuredIdle;
  /** Where the figures of the meter come from that the user gave. */
  readonly calibration?: string;
  readonly received: Received;
  /** What the program states of spans that did not arrive. */
  readonly loss?: SpanLoss;
  /** Where no span arrived: why that may be, one sentence each. */
  readonly noSpanCauses?: readonly string[];
  readonly operations: readonly OperationSummary[];
  readonly verdicts: readonly Verdict[];
  /** Answers to what was asked besides budgets: expectations of telemetry, comparisons. */
  readonly judgements?: readonly Judgement[];
  /** What the program showed, where that was wanted: for `--save`, not for reports. */
  readonly telemetry?: ShownTelemetry;
  /** The pairs of runs behind them. The other fields are then those of the last run of the candidate. */
  readonly comparison?: Comparison;
  /** What went wrong with receiving or flushing: figures may be incomplete. */
  readonly troubles: readonly string[];
  /** What the reader should know, without harm to the figures that are there. */
  readonly notes: readonly string[];
}

/**
 * The exit code of a run: a failed child's own first, then failed budgets and other questions, those that missing telemetry
 * left undecided, other trouble, what else is undecided. A comparison that a signal ended is undecided, and a baseline that
 * failed is trouble.
 */
export function exitCodeOfRun({ child, comparison, ...answered }: RunResult): number {
  if (comparison?.end === 'interrupted') return exitCode.inconclusive;
  if (child.code !== 0 && comparison?.end !== 'baseline-failed') return child.code;
  return exitCodeOfAnswers(answered);
}

/** The same of what was asked and of trouble alone, where there is no child. */
export function exitCodeOfAnswers({
  verdicts,
  judgements = [],
  troubles,
}: Pick<RunResult, 'verdicts' | 'judgements' | 'troubles'>): number {
  const outcomes = [...verdicts, ...judgements].map(({ outcome }) => outcome);
  if (outcomes.includes('fail')) return exitCode.fail;
  const isOfPart =
    verdicts.some(({ spansAreMissing }) => spansAreMissing) ||
    judgements.some(({ telemetryIsMissing }) => telemetryIsMissing);
  if (isOfPart) return exitCode.inconclusive;
  if (troubles.length > 0) return exitCode.trouble;
  if (outcomes.includes('inconclusive')) return exitCode.inconclusive;
  return exitCode.pass;
}
