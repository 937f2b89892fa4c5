// What the inputs make of lines and samples, and all that the view model knows. Times are milliseconds since 1970 in UTC, with a
// fraction: 2^53 leaves a quarter of a microsecond.

/** One thing that an input stated. */
export type Fact = EventFact | StageFact | LatencyFact | PowerFact;

interface Timed {
  readonly timeMs: number;
  /** The bench or host that it is of, as the user named it: `NODE=ADDRESS`. */
  readonly node: string;
  /** Made up, or measured on emulated hardware. */
  readonly simulated?: true;
}

/** A runtime event: docs/formats/runtime-event.md. Fields that were not stated are absent. */
export interface EventFact extends Timed {
  readonly kind: 'event';
  readonly component: string;
  /** `launch`, `completion`, `diagnostic`, `dropped` or another word. */
  readonly event: string;
  /** The correlation id. */
  readonly run?: string;
  readonly tokensPerSecond?: number;
  readonly powerWatts?: number;
  readonly kernelVariant?: string;
  readonly missingArtifact?: string;
  readonly errorType?: string;
  /** Of the whole bench, for the run that completes. */
  readonly energyJoules?: number;
  /** Events that the writer lost before this one. */
  readonly droppedEvents?: number;
}

/** A frame reached a stage: docs/formats/stage-event.md. */
export interface StageFact extends Timed {
  readonly kind: 'stage';
  readonly stage: string;
  readonly frameId?: string;
  /** CLOCK_MONOTONIC, ns: latencies are differences of it, exact where differences of `timeMs` are not. */
  readonly timeNs: number;
}

/** A frame between two stages, joined by another program: docs/formats/aligned.md. */
export interface LatencyFact extends Timed {
  readonly kind: 'latency';
  readonly from: string;
  readonly to: string;
  /** Absent: the frame never reached the second stage; `timeMs` is when it was at the first. */
  readonly latencyMs?: number;
  /** False where it was paired by order of time, which is wrong once a frame was dropped. */
  readonly isExact: boolean;
  readonly powerWatts?: number;
  /** From the frame to the nearest sample of the power, ms. */
  readonly powerAgeMs?: number;
  readonly energyJoules?: number;
}

/** Power of the whole bench at one instant. */
export interface PowerFact extends Timed {
  readonly kind: 'power';
  /** What measured it: the name of a board. */
  readonly source: string;
  readonly watts: number;
}
