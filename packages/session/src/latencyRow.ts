/** How the two events of a row were found to belong together. */
export type Pairing = 'frame' | 'trace' | 'fifo';

/** One frame between two stages, with the power of the bench while it was there. */
export interface LatencyRow {
  /** When it reached the second stage: CLOCK_MONOTONIC, ns. */
  readonly timeNs: number;
  /** The first and the second stage. */
  readonly pair: readonly [from: string, to: string];
  readonly latencyMs: number;
  /** By frame id, by trace id, or by order of time (`fifo`), which is wrong once a frame was dropped. */
  readonly pairing: Pairing;
  /** Absent where the frames have no id. */
  readonly frameId?: string;
  /** The greatest error of `latencyMs`: the clock brackets of both events. */
  readonly uncertaintyMs: number;
  /** Power of the whole bench when the frame reached the first stage, W. Absent across a gap and after the last sample. */
  readonly powerWatts?: number;
  /** Standard error of `powerWatts`, where the meter states what it is made of, W. */
  readonly powerStderrWatts?: number;
  /** From the nearest sample that `powerWatts` is made of to the first stage, ms. */
  readonly powerAgeMs?: number;
  /** Energy of the whole bench between the two stages, J. Absent where a sample is missing. */
  readonly energyJoules?: number;
  /** An event or a sample of it was made up. */
  readonly simulated?: true;
}
