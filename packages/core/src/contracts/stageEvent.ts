import type { BenchlabError } from '../errors/benchlabError.ts';

/** Something in a pipeline reached a stage. */
export interface StageEvent {
  /** CLOCK_MONOTONIC, ns. */
  readonly timeNs: number;
  /** The greatest error of `timeNs`, ns: 0 in the same process, the clock bracket between two processes. */
  readonly uncertaintyNs: number;
  /** `ingress`, `encoded` … */
  readonly stage: string;
  /**
   * Identifies the frame: the same text at every stage that it reaches. So stages are paired exactly, and a frame that is
   * missing at a later stage was dropped. Absent where the source does not know it.
   */
  readonly frameId?: string;
  /** The trace that the event belongs to: stages are paired by it where one of them has no frame id. Absent without one. */
  readonly traceId?: string;
  /** The source of the event, unique in this process: `gst`, `jsonl:/run/stages.fifo`, `spans`. */
  readonly source: string;
  /** True for an invented event. All that derives from it is marked. */
  readonly simulated?: true;
}

/** Where stage events go. Its methods are called synchronously; they must not throw or block. */
export interface StageConsumer {
  stage(event: StageEvent): void;
  /** Input that was not a stage event, or beyond a bound, with its number since the start. Called at intervals, not for each. */
  rejected?(report: StageRejection): void;
  /** There are no more events until the source is started again: it ended by itself, or with an error. */
  ended?(end: StageEnd): void;
}

/** How a source of stage events ended. */
export interface StageEnd {
  readonly source: string;
  readonly error?: BenchlabError;
  /** The stages that were asked for, where the source knows them, and whether there was such a stage at all. */
  readonly wanted?: readonly { readonly stage: string; readonly isPresent: boolean }[];
}

/** Lines or frames that are no stage events, and why. */
export interface StageRejection {
  readonly source: string;
  /** The latest reason, with its place: `line 17: no stage`. */
  readonly reason: string;
  readonly count: number;
}

/**
 * Brings stage events in. The life cycle is that of a `Receiver`: `start` resolves when it runs, `stop` is safe unstarted,
 * repeated and while `start` is pending, and leaves no timer, handle, listener or process. After `start` nothing throws.
 */
export interface StageSource {
  readonly name: string;
  start(consumer: StageConsumer): Promise<void>;
  stop(): Promise<void>;
}
