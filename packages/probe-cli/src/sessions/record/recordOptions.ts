import type { PairOptions } from '../sessionOptions.ts';

/** Clocks that the lines of other programs may have. */
export const fromClocks = ['monotonic', 'monotonic-raw', 'epoch'] as const;

/** What the command line of `sessions record` states. */
export interface RecordOptions extends PairOptions {
  /** The agent of this host, or the path of its socket. */
  readonly agent?: string | true;
  /** Where other programs write stage events. */
  readonly from: readonly string[];
  /** The clock of their times. Default: CLOCK_MONOTONIC. */
  readonly fromClock?: (typeof fromClocks)[number];
  /** Elements of the pipeline; those that it names when empty. */
  readonly stage: readonly string[];
  readonly dataRoot?: string;
  readonly session?: string;
  readonly tag: readonly (readonly [name: string, value: string])[];
  readonly comment?: string;
  /** Ends after this, ms. */
  readonly for?: number;
  readonly metricsPort?: number;
}
