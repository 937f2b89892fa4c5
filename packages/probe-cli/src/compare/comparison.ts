import type { ComparisonVerdict } from '@benchlab-otel/analysis';
import type { MachineState } from './machineState.ts';

/** What the candidate is compared with. */
export type BaselineName =
  | { readonly kind: 'command'; readonly command: string }
  | {
      readonly kind: 'ref';
      readonly ref: string;
      /** The commit that it names, and that of the working tree. */
      readonly commit: string;
      readonly candidateCommit: string;
      /** Files of the working tree that differ from its commit. */
      readonly changedFiles: number;
    };

export type ProgramName = 'candidate' | 'baseline';

/** One run of one of the two programs. */
export interface ComparedRun {
  /** From 1; 0 in the warm-up. */
  readonly pair: number;
  readonly program: ProgramName;
  /** It was the first of its pair. */
  readonly isFirst: boolean;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationSeconds: number;
  readonly exitCode: number;
  /** The figure for each budget, in its base unit. Undefined where there is none. */
  readonly figures: readonly (number | undefined)[];
}

/**
 * Why no more pairs were made: all budgets are decided, a bound was reached, a signal came, a program failed. `running`: in the
 * result that is written after each run.
 */
export type ComparisonEnd =
  | 'running'
  | 'decided'
  | 'pairs'
  | 'time'
  | 'interrupted'
  | 'candidate-failed'
  | 'baseline-failed';

/** Two programs, run in turns. */
export interface Comparison {
  readonly baseline: BaselineName;
  readonly end: ComparisonEnd;
  /** Pairs that were made, without the warm-up. */
  readonly pairs: number;
  readonly warmupPairs: number;
  readonly maxPairs: number;
  readonly maxSeconds?: number;
  readonly verdicts: readonly ComparisonVerdict[];
  readonly runs: readonly ComparedRun[];
  readonly machine: MachineState;
}
